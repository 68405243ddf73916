/** How the programs of this folder run their starts, one after another, and print what becomes of each. */
import { once } from 'node:events';
import { createServer, get, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Gate, isGateError } from 'bootstrap-gate';
import { isDeadlockError, setProofHeapLimit, type Verdict } from '@bootstrap-gate/deadlock';

export const after = <T>(ms: number, value?: T): Promise<T> =>
  new Promise((resolve) => setTimeout(resolve, ms, value as T));

/** What became of one start. */
export interface Outcome {
  readonly shape: string;
  /** The code of the error that it failed with, or what it opened with. */
  readonly end: unknown;
  readonly verdicts: readonly Verdict[];
  readonly warnings: readonly string[];
  readonly unhandled: readonly string[];
  readonly tookMs: number;
}

export interface Start {
  readonly gate: Gate<unknown>;
  /** What is over when the start is; the gate by default. */
  readonly end?: () => Promise<unknown>;
}

export type Shape = () => Start | Promise<Start>;

const PATIENCE_MS = 20_000;

export async function runShapes(shapes: Readonly<Record<string, Shape>>): Promise<void> {
  if (process.argv.includes('large-heap')) setProofHeapLimit(0);
  const [warnings, unhandled]: [string[], string[]] = [[], []];
  process.removeAllListeners('warning'); // the default one prints them
  process.on('warning', (warning) => warnings.push((warning as Error & { code?: string }).code ?? warning.name));
  process.on('unhandledRejection', (error) => unhandled.push(String(error)));
  for (const [shape, make] of Object.entries(shapes)) {
    const began = performance.now();
    const { gate, end = () => gate.ensureReady() } = await make();
    const outcome = await Promise.race([end(), after(PATIENCE_MS, 'hangs')]).catch(codeOf);
    await after(30); // what is said of it comes in the next turn
    const result: Outcome = {
      shape,
      end: outcome ?? null,
      verdicts: gate.report().verdicts,
      warnings: warnings.splice(0),
      unhandled: unhandled.splice(0),
      tookMs: Math.round(performance.now() - began),
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  process.exit();
}

function codeOf(error: unknown): string {
  if (!isGateError(error) && !isDeadlockError(error)) return String(error);
  const { cause } = error;
  return isGateError(cause) || isDeadlockError(cause) ? `${error.code} by ${cause.code}` : error.code;
}

const servers: Server[] = [];

/** Listens on a free port of this machine. */
export async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

export const fetchStatus = async (port: number): Promise<number> =>
  (await fetch(`http://127.0.0.1:${port}/own`)).status;

export const getStatus = (port: number): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: '/own' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
