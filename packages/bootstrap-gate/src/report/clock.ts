/** Epoch milliseconds as reports tell them: they do not jump with the system's clock. */
export const epochNow = (): number => Math.round(performance.timeOrigin + performance.now());
