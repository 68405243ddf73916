/** The bars of lanes and legend. */
import type { Outcome } from '@bootstrap-gate/core';
import { element } from './svg-element.js';

export interface Box {
  readonly x: number;
  readonly width: number;
  /** The middle of the bar. */
  readonly y: number;
  readonly height: number;
}

export const bar = (kind: string, { x, width, y, height }: Box): string =>
  element('rect', { class: kind, x, y: y - height / 2, width: Math.max(1.5, width), height, rx: 2 });

/** A line with gaps, as thick as the bar: stripes without a pattern, whose id would have to be unique in a page. */
export function hatchedBar(state: Outcome, box: Box): string {
  const { x, width, y, height } = box;
  const ends = { x1: x + 1, y1: y, x2: x + Math.max(1, width - 1), y2: y };
  const stripes = element('line', { class: `stripes stripes-${state}`, ...ends, 'stroke-width': height - 2 });
  return bar(`wait-${state}`, box) + stripes;
}
