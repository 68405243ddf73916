/** The end of a process by a signal: not ready, no longer accepting, all answered, resources closed, gone. */
import type { ServerResponse } from 'node:http';
import type { Http2Session } from 'node:http2';
import type { Server } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { warn } from '@bootstrap-gate/deadlock/adapter';
import { callback, custom, duration, readOptions } from './kit/check-options.js';
import { messageOf } from './kit/errors.js';
import type { Gate } from './kit/types.js';

export type * from './public-types.js';

export interface ShutdownOptions {
  /** The signals that end the process. Default `['SIGTERM', 'SIGINT']`. */
  readonly signals?: readonly NodeJS.Signals[] | undefined;
  /** How long requests still pass while readiness is 503, in ms: until every router has noticed. Default 0. */
  readonly drainMs?: number | undefined;
  /**
   * How long everything after that may take, in ms. Requests get half of it; those that are still in flight then are cut,
   * so that the resources can be closed in the rest. Default 10,000.
   */
  readonly timeoutMs?: number | undefined;
  /** Called when all requests are answered, before the gate is closed: ends WebSockets, flushes logs. May return a promise. */
  readonly onShutdown?: (() => unknown) | undefined;
}

const rules = {
  signals: custom<readonly NodeJS.Signals[]>(['SIGTERM', 'SIGINT'], (value) =>
    Array.isArray(value) && value.every((signal) => /^SIG[A-Z0-9]+$/.test(String(signal)))
      ? undefined
      : "must be an array of signals such as 'SIGTERM'",
  ),
  drainMs: duration(0, { finite: true, least: 0 }),
  timeoutMs: duration(10_000, { finite: true }),
  onShutdown: callback<() => unknown>(),
};

type ShutdownServer = Server & { closeAllConnections?(): void };

/**
 * Ends the process when a signal comes: the gate drains, the server stops accepting and finishes what it has, `onShutdown`
 * is called, the gate is closed, and the process exits: with code 0, or 1 when the limit passed or something failed, which
 * is a warning then. A gate that is not open is closed at once, so that nothing is held. A second signal exits at once
 * with code 1. Call it before the server listens, for a server of node:http, https or http2.
 *
 * @returns the function that takes the handlers off
 * @throws TypeError for a wrong option, naming it and the rule
 * @example shutdownOnSignal(app.listen(3000), gate, { drainMs: 5_000 });
 */
export function shutdownOnSignal(
  server: Server,
  gate: Pick<Gate, 'name' | 'ready' | 'drain' | 'close' | 'report'>,
  options?: ShutdownOptions,
): () => void {
  const settings = readOptions('shutdownOnSignal', options, rules);
  const traffic = new Traffic(server);
  let isEnding = false;
  const onSignal = (): void => {
    if (isEnding) process.exit(1);
    isEnding = true;
    void endInOrder(traffic, gate, settings).then((code) => process.exit(code));
  };
  for (const signal of settings.signals) process.on(signal, onSignal);
  return () => {
    for (const signal of settings.signals) process.off(signal, onSignal);
    if (!isEnding) traffic.forget();
  };
}

/** Never rejects. @returns the exit code */
async function endInOrder(
  traffic: Traffic,
  gate: Parameters<typeof shutdownOnSignal>[1],
  { drainMs, timeoutMs, onShutdown }: { drainMs: number; timeoutMs: number; onShutdown: (() => unknown) | undefined },
): Promise<0 | 1> {
  let hasFailed = false;
  const fail = (text: string): void => {
    hasFailed = true;
    warn('GATE_UNFINISHED', `Shutdown: ${text}`);
  };
  traffic.endConnectionsWithAnswers();
  if (gate.ready) {
    gate.drain();
    await within(new Promise(() => {}), drainMs);
  } else void gate.close().catch(() => {}); // it starts, or failed: nothing routes to it, and nothing may be held

  const deadline = performance.now() + timeoutMs;
  const left = (): number => Math.max(1, deadline - performance.now());
  traffic.stopAccepting();
  if (!(await within(traffic.finished(), timeoutMs / 2)))
    fail(`${traffic.inFlight} requests were cut after ${timeoutMs / 2} ms.`);
  traffic.cut();
  try {
    if (onShutdown && !(await within(Promise.resolve(onShutdown()), left()))) fail('onShutdown has not ended in time.');
  } catch (error) {
    hasFailed = true;
    warn('GATE_CALLBACK_FAILED', `The function onShutdown failed: ${messageOf(error)}`, error);
  }
  if (!(await within(gate.close({ timeoutMs: left() }).then(turn), left() + 1_000))) hasFailed = true;
  const { attempts } = gate.report();
  const works = attempts.flatMap(({ steps, stops }) => [...steps.filter(isRunning), ...stops.filter(isUnclean)]);
  await turn(); // for warnings
  return hasFailed || works.length > 0 || performance.now() >= deadline ? 1 : 0;
}

const isRunning = ({ state }: { readonly state: string }): boolean => state === 'running';
const isUnclean = ({ state }: { readonly state: string }): boolean => state !== 'done';

/** Whether it settles in time. It rejects as the promise does. */
function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(false), ms);
    promise.then(() => resolve(true), reject).finally(() => clearTimeout(timer));
  });
}

/** The requests and connections of a server. */
class Traffic {
  readonly #server: ShutdownServer;
  readonly #unanswered = new Set<ServerResponse>();
  readonly #sessions = new Set<Http2Session>();
  #isEnding = false;
  #onFinished = (): void => {};

  constructor(server: ShutdownServer) {
    this.#server = server;
    server.prependListener('request', this.#onRequest);
    server.on('session', this.#onSession);
  }

  get inFlight(): number {
    return this.#unanswered.size;
  }

  /** A connection that a client keeps would keep the server from closing, and its next request would be lost. */
  endConnectionsWithAnswers(): void {
    this.#isEnding = true;
    for (const res of this.#unanswered) endConnectionWith(res);
  }

  stopAccepting(): void {
    this.#server.close(() => {});
    for (const session of this.#sessions) session.close();
  }

  finished(): Promise<void> {
    return new Promise((resolve) => {
      this.#onFinished = () => void (this.#unanswered.size === 0 && resolve());
      this.#onFinished();
    });
  }

  /** Connections without a request stay otherwise, those on which nothing was ever asked for good before Node 26. */
  cut(): void {
    this.#server.closeAllConnections?.();
    for (const session of this.#sessions) session.destroy();
  }

  forget(): void {
    this.#server.off('request', this.#onRequest).off('session', this.#onSession);
  }

  readonly #onRequest = (_req: unknown, res: ServerResponse): void => {
    this.#unanswered.add(res);
    res.once('close', () => {
      this.#unanswered.delete(res);
      this.#onFinished();
    });
    if (this.#isEnding) endConnectionWith(res);
  };

  readonly #onSession = (session: Http2Session): void => {
    this.#sessions.add(session);
    session.once('close', () => this.#sessions.delete(session));
  };
}

function endConnectionWith(res: ServerResponse): void {
  if (res.req.httpVersionMajor === 1 && !res.headersSent) res.setHeader('Connection', 'close');
}
