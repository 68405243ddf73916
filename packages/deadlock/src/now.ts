/** Epoch milliseconds that never run backwards, whatever a test's fake clock does: time then continues from where it was. */
export function now(): number {
  const read = readClock();
  if (!(read + ahead >= latest)) ahead = latest - read;
  latest = read + ahead;
  return Math.round(latest);
}

/** The same of a time on the clock of `performance.now()`. */
export const epochOf = (time: number): number => Math.round(origin + time);

/** Fake clocks may lack an origin, give NaN or throw. */
function readClock(): number {
  try {
    const time = origin + performance.now();
    if (Number.isFinite(time)) return time;
  } catch {
    // the other clock has to do
  }
  const time = Date.now();
  return Number.isFinite(time) ? time : latest - ahead;
}

const origin = Number.isFinite(performance.timeOrigin) ? performance.timeOrigin : Date.now();
let latest = 0;
let ahead = 0;
