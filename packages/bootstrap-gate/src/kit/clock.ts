import { now } from '@bootstrap-gate/deadlock/adapter';

/** Everything that passes with time, in one place, so that tests can drive it by hand. */
export interface Clock {
  /** Epoch milliseconds that never run backwards. */
  now(): number;
  /**
   * Calls `fn` once after `ms` and returns the cancellation. `Infinity` never fires. A `background` timer does not keep
   * the process alive.
   */
  after(ms: number, fn: () => void, background?: boolean): () => void;
  /** Calls `fn` after the event loop had a turn for input and output. */
  soon(fn: () => void): void;
  /** From 0 to below 1, for jitter. */
  random(): number;
}

/** The longest delay that Node's timers take; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now,
  soon: (fn) => void setImmediate(fn),
  random: Math.random,
  after(ms, fn, background = false) {
    if (ms === Infinity) return () => {};
    let timer: NodeJS.Timeout;
    const arm = (left: number): void => {
      const part = Math.min(left, LONGEST_TIMER_MS);
      timer = setTimeout(() => (left > part ? arm(left - part) : fn()), part);
      if (background) unref(timer);
    };
    arm(ms);
    return () => clearTimeout(timer);
  },
};

/** Lets the process end before it; the timers of a DOM are numbers, and cannot. */
export function unref(timer: NodeJS.Timeout): void {
  (timer as Partial<NodeJS.Timeout>).unref?.();
}

/** A timer that is so late stood behind work that blocked the event loop; what it limits may be there already. */
const LATE_MS = 50;

/** Like `clock.after`, for the end of a wait: after a blocked event loop it looks once more before it gives up. */
export function waitLimit(clock: Clock, ms: number, giveUp: () => void): () => void {
  const due = clock.now() + ms;
  let isOver = false;
  const cancel = clock.after(ms, () => {
    if (clock.now() - due < LATE_MS) giveUp();
    else clock.soon(() => void (isOver || giveUp()));
  });
  return () => {
    isOver = true;
    cancel();
  };
}
