/** Gates, servers and clients for these tests; what they open closes itself at the end of a test. */
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type RequestListener, type RequestOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gate } from '../../src/index.js';

const closers: (() => unknown)[] = [];

/** Calls this at the end of the test; the last one comes first. */
export const atEnd = (close: () => unknown): void => void closers.push(close);

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

export function deferred<T = void>() {
  let settle!: { resolve(value: T): void; reject(error: unknown): void };
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle };
}

/** Rejects when the signal fires: what an obedient step waits for. */
export const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

/** Resolves when the condition holds; the event loop turns in between. */
export async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 4_500;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`this never became true: ${condition.toString()}`);
    await new Promise(setImmediate);
  }
}

export const held = (gate: Gate, count: number): Promise<void> => until(() => gate.report().held === count);

/** What the process was warned of, from here to the end of the test. */
export function warnings(): { code: string; message: string; cause: unknown }[] {
  const seen: { code: string; message: string; cause: unknown }[] = [];
  const spy = jest.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    const { code, message, cause } = warning as Error & { code: string };
    seen.push({ code, message, cause });
  });
  atEnd(() => spy.mockRestore());
  return seen;
}

/** Listens on a free port, and gives it. */
export async function listening(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  atEnd(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** The status of one request, on a connection of its own. One that is aborted gives nothing. */
export async function statusOf(port: number, path = '/', options: RequestOptions = {}): Promise<number | undefined> {
  const request = get({ host: '127.0.0.1', port, path, agent: false, ...options });
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    return response.statusCode;
  } catch (error) {
    if (options.signal?.aborted) return undefined;
    throw error;
  }
}
