/** Epoch milliseconds that never run backwards. */
export const now = (): number => Math.round(performance.timeOrigin + performance.now());
