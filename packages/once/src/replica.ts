/** This process's part in a namespace: its session, the turns of its own calls, and how it talks to the store. */
import { delay, spread } from './delay.js';
import { OnceError } from './errors.js';
import type { OnceSettings } from './options.js';
import { Session } from './session.js';
import type { Store } from './store.js';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 2_000;

export class Replica {
  readonly store: Store;
  readonly settings: OnceSettings;
  readonly #closing = new AbortController();
  readonly #calls = new Set<Promise<unknown>>();
  readonly #turns = new Map<string, Promise<unknown>>();
  #session: Session | undefined;
  #joining: Promise<Session> | undefined;
  #isOpen = false;
  #closed: Promise<void> | undefined;

  constructor(store: Store, settings: OnceSettings) {
    this.store = store;
    this.settings = settings;
  }

  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** The session that holds this replica's steps, if there is one. */
  get session(): Session | undefined {
    return this.#session?.isEnded ? undefined : this.#session;
  }

  async open(signal: AbortSignal, onTrouble: (error: unknown) => void): Promise<void> {
    if (this.#isOpen) return;
    await this.steady(() => this.store.open(), signal, onTrouble);
    this.#isOpen = true;
  }

  /** Repeats one statement while its error is transient, at least once also after the signal has fired. */
  async steady<T>(statement: () => Promise<T>, signal: AbortSignal, onTrouble?: (error: unknown) => void): Promise<T> {
    for (let ms = FIRST_RETRY_MS; ; ms = Math.min(ms * 2, LAST_RETRY_MS)) {
      try {
        return await statement();
      } catch (error) {
        if (!this.store.isTransient(error) || signal.aborted) throw error;
        onTrouble?.(error);
      }
      await delay(spread(ms), signal);
    }
  }

  /** A session that can claim: the current one, or a new one that the store knows. The caller has to `leave` it. */
  async join(): Promise<Session> {
    for (;;) {
      const session =
        this.session ?? (await (this.#joining ??= this.#join().finally(() => (this.#joining = undefined))));
      if (session.isEnded) continue;
      session.enter();
      return session;
    }
  }

  /** One call a step name and process; the others queue, in order. The promise resolves with the end of the turn. */
  async turn(name: string): Promise<() => void> {
    const before = this.#turns.get(name);
    let end: () => void = () => {};
    const mine = new Promise<void>((resolve) => (end = resolve));
    const tail = (before ?? Promise.resolve()).then(() => mine);
    this.#turns.set(name, tail);
    await before;
    return () => {
      if (this.#turns.get(name) === tail) this.#turns.delete(name);
      end();
    };
  }

  /** Runs a call that `close` waits for. */
  async track<T>(call: () => Promise<T>): Promise<T> {
    if (this.closing.aborted) throw this.closing.reason;
    const running = call();
    this.#calls.add(running);
    try {
      return await running;
    } finally {
      this.#calls.delete(running);
    }
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #join(): Promise<Session> {
    const session = new Session(this.store, this.settings.replica, this.settings.leaseMs);
    await session.join();
    return (this.#session = session);
  }

  async #close(): Promise<void> {
    this.#closing.abort(new OnceError('ERR_ONCE_CLOSED', 'close() was called'));
    await Promise.allSettled(this.#calls);
    await this.session?.end();
    await this.store.close?.();
  }
}
