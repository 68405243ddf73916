import type { Frame } from './svg-frame.js';
import { element, label } from './svg-shapes.js';

/** The time axis: marks at round numbers, eight of them at most beside zero. */
export function drawAxis(frame: Frame, top: number, bottom: number): string {
  const marks = ticks(frame.lengthMs).flatMap((ms) => [
    element('line', { class: 'grid', x1: frame.x(ms), y1: top, x2: frame.x(ms), y2: bottom }),
    label(frame.x(ms), bottom + 16, 'small quiet middle', tickText(ms)),
  ]);
  return element('g', {}, ...marks);
}

const STEPS_MS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600].map((minutes) => minutes * 60_000),
];

function ticks(lengthMs: number): number[] {
  const step = STEPS_MS.find((candidate) => lengthMs / candidate <= 8) ?? lengthMs / 8;
  return Array.from({ length: Math.floor(lengthMs / step) + 1 }, (_, index) => index * step);
}

/** Such as `0`, `250 ms`, `2.5 s`, `10 min`. */
function tickText(ms: number): string {
  if (ms === 0) return '0';
  if (ms < 1_000) return `${ms} ms`;
  return ms < 60_000 || ms % 60_000 !== 0 ? `${ms / 1_000} s` : `${ms / 60_000} min`;
}
