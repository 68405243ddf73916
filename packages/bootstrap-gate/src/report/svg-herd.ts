import type { HerdPoint } from './herd-curve.js';
import { type Frame, MARGIN } from './svg-frame.js';
import { element, label } from './svg-shapes.js';

export const HERD_HEIGHT = 64;

/** How many waited, over time: an area with steps, since the number changes at once. */
export function drawHerd(points: readonly HerdPoint[], frame: Frame, top: number): string {
  const bottom = top + HERD_HEIGHT;
  const peak = Math.max(1, ...points.map(({ waiting }) => waiting));
  const y = (waiting: number): number => bottom - (Math.max(0, waiting) / peak) * HERD_HEIGHT;
  const at = (value: number): string => value.toFixed(1);
  const steps = points.map((point) => `H${at(frame.x(point.at))}V${at(y(point.waiting))}`);
  const path = `M${at(frame.x(0))} ${at(bottom)}${steps.join('')}H${at(frame.right)}V${at(bottom)}Z`;
  return element(
    'g',
    {},
    element('title', {}, `${peak} waiting at most`),
    element('path', { class: 'herd', d: path }),
    label(MARGIN, top + 12, 'strong', 'waiting'),
    label(MARGIN, top + 28, 'small quiet', `at most ${peak}`),
  );
}
