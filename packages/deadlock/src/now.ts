/** Epoch milliseconds that never run backwards. */
export const now = (): number => epochOf(performance.now());

/** The same of a time on the clock of `performance.now()`. */
export const epochOf = (time: number): number => Math.round(origin + time);

const origin = performance.timeOrigin;
