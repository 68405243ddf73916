/** Ends a server in order: not ready, no longer listening, all answered, resources stopped. Then Node exits by itself. */
import type { Server, ServerResponse } from 'node:http';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Gate } from 'bootstrap-gate';

export interface Ending {
  readonly server: Server;
  readonly gate: Gate<unknown>;
  /** How long requests still pass while /readyz is 503: until every router has noticed. In ms, default 5,000. */
  readonly drainMs?: number;
  /** How long requests in flight may take after that; then they are cut. In ms, default 20,000. */
  readonly answerMs?: number;
  /** How long the bootstrap and all the stops may take after that; then they are given up. In ms, default 10,000. */
  readonly stopMs?: number;
  /** Ends connections that are no longer requests, WebSockets for instance; called when the server no longer listens. */
  readonly endSockets?: () => unknown;
}

/** On the first SIGTERM or SIGINT. Another one ends the drain, and nothing else. What went wrong is exit code 1. */
export function endOnSignal(ending: Ending): void {
  const { server, gate, drainMs = 5_000, answerMs = 20_000, stopMs = 10_000, endSockets } = ending;
  const unanswered = new Set<ServerResponse>();
  const again = new AbortController();
  let isEnding = false;
  let hasFailed = false;

  server.prependListener('request', (_req, res) => {
    unanswered.add(res);
    res.once('close', () => {
      unanswered.delete(res);
      if (!server.listening) endSilentConnections();
    });
    if (isEnding) endItsConnection(res);
  });

  // Node closes idle connections, but not those on which nothing was ever asked; before Node 26 they stay for ever.
  function endSilentConnections(): void {
    if (unanswered.size === 0) server.closeAllConnections();
  }

  async function end(): Promise<void> {
    process.on('warning', (warning) => {
      hasFailed ||= 'code' in warning && warning.code === 'GATE_STOP_FAILED';
    });
    if (!gate.ready) void gate.close(); // it still starts: denies who is held, and aborts the bootstrap
    gate.drain();
    unanswered.forEach(endItsConnection);
    console.log('ending: not ready');
    await sleep(drainMs, undefined, { signal: again.signal }).catch(() => {}); // not so long after all

    const closed = new Promise((resolve) => server.close(resolve));
    endSilentConnections();
    endSockets?.();
    console.log(`ending: no longer listening, ${unanswered.size} requests in flight`);
    if (!(await settles(closed, answerMs))) {
      fail(`connections are cut after ${answerMs} ms, with ${unanswered.size} requests in flight`);
      server.closeAllConnections();
    }
    if (!(await settles(gate.close(), stopMs))) {
      fail(`gate "${gate.name}" has not closed within ${stopMs} ms; running: ${whatRuns(gate)}`);
    }
    await turn(); // for warnings
    if (hasFailed) process.exit(1); // what has not ended may keep the process alive
  }

  function fail(text: string): void {
    hasFailed = true;
    console.error(`ending: ${text}`);
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isEnding) return again.abort();
      isEnding = true;
      void end();
    });
  }
}

/** Bounds a `stop`. After that it has failed: the warning GATE_STOP_FAILED names its step, and the next one is stopped. */
export function stopWithin<T>(ms: number, stop: (value: T) => Promise<unknown>): (value: T) => Promise<void> {
  return async (value) => {
    if (!(await settles(stop(value), ms))) throw new Error(`it has not ended within ${ms} ms`);
  };
}

/** Whether it settles in time. It rejects as the promise does. */
async function settles(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  return Promise.race([promise.then(() => true), late]).finally(() => timer.abort());
}

/** What holds up the close: steps of a bootstrap that does not look at its signal, or a stop. */
function whatRuns(gate: Gate<unknown>): string {
  const { attempts } = gate.report();
  const isRunning = ({ state }: { state: string }): boolean => state === 'running';
  const steps = attempts.flatMap((attempt) => attempt.steps.filter(isRunning)).map(({ name }) => `step "${name}"`);
  const stops = attempts
    .flatMap((attempt) => attempt.stops.filter(isRunning))
    .map(({ step }) => `the stop of ${step === null ? 'the bootstrap' : `step "${step}"`}`);
  return [...steps, ...stops].join(', ') || 'its bootstrap';
}

function endItsConnection(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close');
}
