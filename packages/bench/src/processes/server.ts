/** A process with one server, whose application stands behind a contender: `server <options as JSON>`. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApplication } from '../application.js';
import { contenders } from '../contenders.js';
import { epochNow } from '../epoch.js';
import { watchRequests } from '../incoming.js';
import { CONFIG_PATH } from '../paths.js';
import type { ServerOptions } from '../server-process.js';

export interface ServerStatistics {
  /** How often the bootstrap was called. */
  readonly runs: number;
  readonly requestsArrived: number;
  readonly connectionsClosed: number;
  /** How often the application was called. */
  readonly handled: number;
  /** In epoch ms; when the bootstrap was completed on demand. */
  readonly openedAt: number;
  /** How many own properties and listeners the server has gained or lost to the contender. */
  readonly leftBehind: number;
  readonly residentBytes: number;
  readonly processorUs: number;
  /** What the first run of the bootstrap was answered by its own server. */
  readonly ownAnswer: string | undefined;
}

/** What it tells its parent. */
export interface ServerMessage {
  readonly port?: number;
  readonly statistics?: ServerStatistics;
}

/** After this the bootstrap gives up on its own request. */
const OWN_PATIENCE_MS = 2_000;

const options = JSON.parse(process.argv[2] ?? '') as ServerOptions;
const tell = (message: ServerMessage): void => void process.send?.(message);

let runs = 0;
let closed = 0;
let openedAt = NaN;
let ownAnswer: string | undefined;
let complete!: () => void;
const demanded = new Promise<void>((resolve) => (complete = resolve));
let listens!: (port: number) => void;
const listening = new Promise<number>((resolve) => (listens = resolve));

const state = { isReady: false, handled: 0 };

/** A good one: it ends when it is told so, where anybody tells it. */
async function bootstrap(signal?: AbortSignal): Promise<void> {
  const isFirst = ++runs === 1;
  if (options.bootstrap === 'on demand') await Promise.race([demanded, ...(signal ? [aborted(signal)] : [])]);
  if (options.bootstrap === 'fails once' && isFirst) throw new Error('the database is not there');
  if (options.bootstrap === 'asks itself') {
    const answer = await askItself();
    if (isFirst) ownAnswer = answer;
  }
  state.isReady = true;
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

async function askItself(): Promise<string> {
  const url = `http://127.0.0.1:${await listening}${CONFIG_PATH}`;
  const begun = performance.now();
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(OWN_PATIENCE_MS) });
    const code = /ERR_GATE_\w+/.exec(await response.text())?.[0] ?? '';
    return `answers ${response.status} ${code}`.trim() + ` after ${(performance.now() - begun).toFixed(0)} ms`;
  } catch {
    return `still waiting after ${OWN_PATIENCE_MS / 1_000} s`;
  }
}

async function main(): Promise<void> {
  const requests = watchRequests();
  const way = await contenders[options.contender]({ bootstrap, limits: options.limits });
  const server = createApplication(state, way.middleware);
  server.on('connection', (socket) => socket.once('close', () => closed++));
  let leftBehind = (): number => NaN;

  process.on('message', (message) => {
    if (message === 'open') {
      openedAt = epochNow();
      complete();
    } else {
      const { user, system } = process.cpuUsage();
      tell({
        statistics: {
          runs,
          requestsArrived: requests.count,
          connectionsClosed: closed,
          handled: state.handled,
          openedAt,
          leftBehind: leftBehind(),
          residentBytes: process.memoryUsage.rss(),
          processorUs: user + system,
          ownAnswer,
        },
      });
    }
  });
  // What a careful program does. The channel to the parent must not be what keeps it alive.
  process.once('SIGTERM', () => {
    process.channel?.unref();
    void way.close?.();
    server.close();
  });
  process.on('disconnect', () => process.exit(0));
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4_000 }, () => {
    leftBehind = changesOf(server);
    way.attach?.(server);
    const { port } = server.address() as AddressInfo;
    listens(port);
    tell({ port });
  });
}

function changesOf(server: Server): () => number {
  const look = (): Set<string> =>
    new Set([
      ...Reflect.ownKeys(server).map(String),
      ...server.eventNames().map((event) => `${server.listenerCount(event)} of ${String(event)}`),
    ]);
  const before = look();
  return () => {
    const now = look();
    return [...before, ...now].filter((entry) => !before.has(entry) || !now.has(entry)).length;
  };
}

void main();
