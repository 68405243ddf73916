import { channel } from 'node:diagnostics_channel';
import { Mutex } from 'async-mutex';
import { traceMutex, type Verdict } from '@bootstrap-gate/deadlock';

export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

export function deferred<T = void>(): Deferred<T> {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

/** Resolves when all promise reactions that are due have run. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What a promise rejects with. Attaches at once, so that a rejection during the test is never unhandled. */
export const rejection = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    (value) => Promise.reject(new Error(`fulfilled with ${String(value)} instead of rejecting`)),
    (error: unknown) => error,
  );

/** What became of a promise so far, without waiting for it. */
export function watch(promise: PromiseLike<unknown>): { state: 'pending' | 'fulfilled' | 'rejected' } {
  const seen: { state: 'pending' | 'fulfilled' | 'rejected' } = { state: 'pending' };
  promise.then(
    () => (seen.state = 'fulfilled'),
    () => (seen.state = 'rejected'),
  );
  return seen;
}

export const traced = (name: string): Mutex => traceMutex(new Mutex(), name) as Mutex;

/** The verdict as `a -> b` pairs. */
export const cycleOf = ({ cycle }: Verdict): string[] => cycle.map(({ owner, waitsFor }) => `${owner} -> ${waitsFor}`);

export interface SeenWarning {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** Collects process warnings instead of emitting them. Ends with `jest.restoreAllMocks()`. */
export function collectWarnings(): SeenWarning[] {
  const seen: SeenWarning[] = [];
  jest.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    const { name, message, code } = warning as Error & { code: string };
    seen.push({ name, message, code });
  });
  return seen;
}

export interface VerdictMessage {
  readonly gate: string | null;
  readonly type: string;
  readonly verdict: Verdict;
}

/**
 * Collects what is published on the channel of verdicts while `run` runs. Test files share their process, and so its
 * channels, with those before them, whose steps may be collected and proven meanwhile: each file has a realm of its own.
 */
export async function collectVerdicts(run: () => Promise<unknown>): Promise<VerdictMessage[]> {
  const messages: VerdictMessage[] = [];
  const listen = (message: unknown): void =>
    void (message instanceof Object && messages.push(message as VerdictMessage));
  const verdicts = channel('bootstrap-gate.verdict');
  verdicts.subscribe(listen);
  try {
    await run();
  } finally {
    verdicts.unsubscribe(listen);
  }
  return messages;
}
