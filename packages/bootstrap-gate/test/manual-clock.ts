import { now } from '@bootstrap-gate/deadlock/adapter';
import type { Clock } from '../src/kit/clock.js';

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  readonly start: number;
  #now: number;
  #timers = new Set<{ at: number; fn: () => void }>();
  #soon: (() => void)[] = [];

  constructor(start = 1_000_000) {
    this.start = this.#now = start;
  }

  now = (): number => this.#now;

  random = (): number => 0.5;

  after = (ms: number, fn: () => void): (() => void) => {
    if (ms === Infinity) return () => {};
    const timer = { at: this.#now + ms, fn };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  soon = (fn: () => void): void => void this.#soon.push(fn);

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Moves the time, and calls the timers that are due, the earliest first; promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.fn();
      await settled();
    }
    this.#now = end;
    await settled();
  }

  /** Time passes, but no timer fires: the event loop stands still. */
  jump(ms: number): void {
    this.#now += ms;
  }

  /** One turn of the event loop: what was put off with `soon` until now. */
  turn(): void {
    for (const fn of this.#soon.splice(0)) fn();
  }
}

/** Resolves when all promise reactions that are due have run. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock for gates, and for what measures by `performance.now()`: waits and mutexes. Ends with `jest.restoreAllMocks()`. */
export function clockForAll(): ManualClock {
  const ahead = now() - (performance.timeOrigin + performance.now()); // after clocks that jumped before
  const clock = new ManualClock(now() + 1); // time never runs backwards
  jest.spyOn(performance, 'now').mockImplementation(() => clock.now() - ahead - performance.timeOrigin);
  return clock;
}
