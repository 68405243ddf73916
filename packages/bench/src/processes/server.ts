/** A process with one server, whose application stands behind a contender: `server <options as JSON>`. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApplication } from '../application.js';
import { Bootstrap } from '../bootstrap.js';
import { contenders } from '../contenders.js';
import { watchRequests } from '../incoming.js';
import type { ServerOptions } from '../server-process.js';

export interface ServerStatistics {
  /** Of the bootstrap. */
  readonly runs: number;
  readonly completedAt: number | undefined;
  readonly ownAnswer: string | undefined;
  readonly requestsArrived: number;
  readonly connectionsClosed: number;
  /** How often the application was called. */
  readonly handled: number;
  /** How many own properties and listeners the server has gained or lost to the contender. */
  readonly leftBehind: number;
  readonly residentBytes: number;
  readonly processorUs: number;
}

/** What it tells its parent. */
export interface ServerMessage {
  readonly port?: number;
  readonly statistics?: ServerStatistics;
}

async function main({ contender, bootstrap: kind, limits }: ServerOptions): Promise<void> {
  const requests = watchRequests();
  const bootstrap = new Bootstrap(kind);
  const way = await contenders[contender]({ bootstrap: bootstrap.run, limits });
  const { server, handled } = await createApplication(() => bootstrap.isComplete, way);
  let connectionsClosed = 0;
  server.on('connection', (socket) => socket.once('close', () => connectionsClosed++));
  let leftBehind: (() => number) | undefined;

  const statistics = (): ServerStatistics => {
    const { runs, completedAt, ownAnswer } = bootstrap;
    const { user, system } = process.cpuUsage();
    return {
      runs,
      completedAt,
      ownAnswer,
      requestsArrived: requests.count,
      connectionsClosed,
      handled: handled(),
      leftBehind: leftBehind?.() ?? 0,
      residentBytes: process.memoryUsage.rss(),
      processorUs: user + system,
    };
  };
  const tell = (message: ServerMessage): void => void process.send?.(message);
  process.on('message', (message) => {
    if (message === 'complete') bootstrap.complete();
    else tell({ statistics: statistics() });
  });
  process.on('disconnect', () => process.exit(0));
  // What a careful program does. The channel to the parent must not be what keeps it alive.
  process.once('SIGTERM', () => {
    process.channel?.unref();
    void way.close?.();
    server.close();
  });

  server.listen({ port: 0, host: '127.0.0.1', backlog: 4_000 }, () => {
    leftBehind = changesOf(server);
    way.attach?.(server);
    const { port } = server.address() as AddressInfo;
    bootstrap.listensAt(port);
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

void main(JSON.parse(process.argv[2] ?? '') as ServerOptions);
