import type { MutexInterface, SemaphoreInterface } from 'async-mutex';
import { placeOf } from '../call-site.js';
import { currentScope } from '../context.js';
import { ownersOf } from '../owner.js';
import { ProvableWait } from '../wait.js';
import type { Lock } from './lock.js';

type Ticket = MutexInterface.Releaser | [number, SemaphoreInterface.Releaser];

/**
 * Something with the interface of a mutex or semaphore that excludes by itself, such as what `withTimeout` makes: who holds
 * it and who waits is told, and nothing is judged, since what ends its waits is not known.
 */
export function traceGuest<G extends MutexInterface | SemaphoreInterface>(guest: G, lock: Lock): G {
  const inner = guest as SemaphoreInterface;
  const waiting = async <R>(method: (...args: never[]) => unknown, wait: () => Promise<R>): Promise<R> => {
    const told = new ProvableWait<void>(lock, { at: placeOf(method), isLimited: true });
    try {
      return await wait();
    } finally {
      told.resolve();
    }
  };
  const traced = {
    async acquire(...args: []): Promise<Ticket> {
      const ticket: Ticket = await waiting(traced.acquire, () => inner.acquire(...args));
      const held = lock.note(traced.acquire, ownersOf(currentScope())[0]);
      const release = Array.isArray(ticket) ? ticket[1] : ticket;
      const releaseTraced = (): void => {
        release();
        lock.free(held);
      };
      return Array.isArray(ticket) ? [ticket[0], releaseTraced] : releaseTraced;
    },
    async runExclusive(callback: (value: number) => unknown, ...args: []): Promise<unknown> {
      const ticket = await traced.acquire(...args);
      const release = Array.isArray(ticket) ? ticket[1] : ticket;
      try {
        return await (Array.isArray(ticket) ? callback(ticket[0]) : (callback as () => unknown)());
      } finally {
        release();
      }
    },
    waitForUnlock: (...args: []) => waiting(traced.waitForUnlock, () => inner.waitForUnlock(...args)),
    isLocked: () => inner.isLocked(),
    release(...args: []) {
      inner.release(...args);
      for (const held of [...lock.holders]) lock.free(held);
    },
    cancel: () => inner.cancel(),
    ...(typeof inner.getValue === 'function' && {
      getValue: () => inner.getValue(),
      setValue: (value: number) => inner.setValue(value),
    }),
  };
  return traced as unknown as G;
}
