import type { Outcome } from '../kit/report-types.js';
import { SMALL_CELL } from './svg-frame.js';
import type { Lane } from './svg-lane.js';
import { bar, type Box, element, hatchedBar, label } from './svg-shapes.js';

interface Entry {
  readonly text: string;
  draw(box: Box): string;
}

const colour = (state: Outcome, text: string = state): Entry & { readonly state: Outcome } => {
  return { state, text, draw: (box) => bar(state, box) };
};
const colours = [colour('done', 'working'), colour('running'), colour('failed'), colour('aborted')];

/** What the colours mean that occur in this picture. */
export function drawLegend(lanes: readonly Lane[], x: number, y: number): string {
  const entries: Entry[] = colours.filter(({ state }) => lanes.some((lane) => lane.state === state));
  const waiting = lanes.find((lane) => lane.waits.length > 0)?.state;
  if (waiting) entries.push({ text: 'waiting', draw: (box) => hatchedBar(waiting, box) });
  let left = x;
  const drawn = entries.map(({ text, draw }) => {
    const entry = draw({ x: left, width: 14, y, height: 10 }) + label(left + 20, y + 4, 'small quiet', text);
    left += 42 + text.length * SMALL_CELL;
    return entry;
  });
  const bold = lanes.length > 0 ? label(left, y + 4, 'small quiet', 'bold: what the start waited for') : '';
  return element('g', {}, ...drawn, bold);
}
