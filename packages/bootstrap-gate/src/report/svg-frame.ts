/** Where things stand in the picture: labels at the left, the time in the middle, durations at the right. */
export const WIDTH = 960;
export const MARGIN = 20;
/** The width of one cell of the monospaced type, at 12 and at 11 pixels. */
export const CELL = 7.25;
export const SMALL_CELL = 6.65;

const DURATION_WIDTH = 84;

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly lengthMs: number;
  /** Where a time stands, in ms since the flight began. */
  x(ms: number): number;
}

export function frameFor(labelCells: number, lengthMs: number): Frame {
  const left = MARGIN + labelCells * CELL + 12;
  const right = WIDTH - MARGIN - DURATION_WIDTH;
  return { left, right, lengthMs, x: (ms) => left + (lengthMs > 0 ? (ms / lengthMs) * (right - left) : 0) };
}
