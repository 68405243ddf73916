/** Epoch milliseconds as reports tell them: they do not jump with the system's clock. */
export const epochNow = (): number => Math.round(origin + performance.now());

/** Read once, as the gate does: fake timers that are installed later have an origin of their own. */
const origin = performance.timeOrigin;
