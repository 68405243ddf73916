import type { GateReport } from '../kit/report-types.js';
import { ownOptions } from './check.js';
import { herdCurve, type PictureOptions } from './herd-curve.js';
import { headline, stepText } from './sentences.js';
import { drawAxis } from './svg-axis.js';
import { frameFor, MARGIN, WIDTH } from './svg-frame.js';
import { drawHerd, HERD_HEIGHT } from './svg-herd.js';
import { drawLane, labelCellsOf, laneHeight, lanesOf } from './svg-lane.js';
import { drawLegend } from './svg-legend.js';
import { element, escape, label } from './svg-shapes.js';
import { style } from './svg-style.js';
import { fit, plain } from './text.js';
import { readTimeline, type Timeline } from './timeline.js';

/** Where the lanes begin, below the title, and what the marks of the axis take at the bottom. */
const TOP = 98;
const AXIS = 34;

/**
 * The flight as a picture: a lane for each attempt and each step, waiting hatched, failures red, what the start waited
 * for in bold; below, how many were waiting at the gate, where a recording is given. The SVG loads nothing, runs nothing,
 * and is light or dark as the reader prefers.
 *
 * A report knows how long a step waited, not when: waits that are over are drawn at the begin of their step.
 *
 * @throws a TypeError for what is no report, and for a wrong option
 */
export function toSvg(report: GateReport, options: PictureOptions = {}): string {
  const own = ownOptions('toSvg', options, ['herd']);
  const timeline = readTimeline('toSvg', report);
  const herd = herdCurve('toSvg', own, timeline);
  const lanes = timeline.attempts.flatMap(lanesOf);
  const frame = frameFor(labelCellsOf(lanes), Math.max(timeline.durationMs, herd.at(-1)?.at ?? 0));

  let y = TOP;
  const drawn: string[] = [];
  for (const lane of lanes) {
    drawn.push(drawLane(lane, frame, y));
    y += laneHeight(lane);
  }
  if (herd.length > 0) {
    drawn.push(drawHerd(herd, frame, y + 12));
    y += 12 + HERD_HEIGHT;
  }
  const height = y + AXIS;
  const title = headline(timeline);
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: WIDTH,
      height,
      viewBox: `0 0 ${WIDTH} ${height}`,
      class: 'boot-timeline',
      role: 'img',
    },
    element('title', {}, escape(title)),
    element('desc', {}, escape(inWords(timeline))),
    element('style', {}, style),
    element('rect', { class: 'page', width: WIDTH, height }),
    label(MARGIN, 34, 'title', fit(title, 105)),
    label(MARGIN, 54, 'small quiet', subtitle(report, timeline)),
    drawLegend(lanes, MARGIN, 74),
    drawAxis(frame, TOP, y + 6),
    ...drawn,
  );
}

/** For those who cannot see the picture. */
function inWords({ attempts }: Timeline): string {
  const steps = attempts.flatMap((attempt) => attempt.steps).sort((a, b) => b.to - b.from - (a.to - a.from));
  const told = steps.slice(0, 10).map((step) => stepText(step));
  return told.length > 0 ? `The slowest steps: ${told.join('; ')}.` : 'There are no steps.';
}

function subtitle({ admitted, denied, held }: GateReport, { attempts, startedAt }: Timeline): string {
  const counts = `requests: ${plain(admitted)} admitted, ${plain(denied)} denied, ${plain(held)} held`;
  return attempts.length > 0 ? `started ${new Date(startedAt).toISOString()} · ${counts}` : counts;
}
