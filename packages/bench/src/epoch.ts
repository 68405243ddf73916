/** A time that processes of one machine can compare, in ms with fractions. */
export const epochNow = (): number => performance.timeOrigin + performance.now();
