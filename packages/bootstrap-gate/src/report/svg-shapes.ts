/** What the picture is made of, as markup. What comes from a report goes through `escape`. */
import type { Outcome } from '../kit/report-types.js';

export type Attributes = Readonly<Record<string, string | number>>;

/** @param content markup: other elements, or text that was escaped */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(rounded(value))}"`);
  return content.length > 0 ? `<${name}${given.join('')}>${content.join('')}</${name}>` : `<${name}${given.join('')}/>`;
}

export const label = (x: number, y: number, kind: string, text: string, rest: Attributes = {}): string =>
  element('text', { x, y, class: kind, ...rest }, escape(text));

/** Where a bar of a lane or of the legend stands. */
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

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

const rounded = (value: string | number): string =>
  String(typeof value === 'number' ? Math.round(value * 10) / 10 : value);
