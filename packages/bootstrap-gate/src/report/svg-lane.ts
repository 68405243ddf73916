/** The lanes of the picture: one for each attempt and one for each of its steps. */
import type { Outcome } from '../kit/report-types.js';
import { chainOf } from './critical-chain.js';
import { marks, remark } from './sentences.js';
import { CELL, type Frame, MARGIN, SMALL_CELL, WIDTH } from './svg-frame.js';
import { bar, type Box, element, escape, hatchedBar, label } from './svg-shapes.js';
import { cells, duration, fit } from './text.js';
import type { Span, TimedAttempt, TimedStep } from './timeline.js';

export interface Lane extends Span {
  readonly label: string;
  readonly state: Outcome;
  /** Whether the start waited for it. */
  readonly strong: boolean;
  /** Parts of it, or before it, in which it did not work. */
  readonly waits: readonly Span[];
  readonly note: string;
  /** How thick its bar is. */
  readonly thickness: number;
}

const LABEL_CELLS = { least: 12, most: 32 };
const LANE = 24;
const NOTE = 15;

export function lanesOf(attempt: TimedAttempt, index: number, attempts: readonly TimedAttempt[]): Lane[] {
  const previous = attempts[index - 1];
  const pause = previous ? [{ from: Math.min(previous.to, attempt.from), to: attempt.from }] : [];
  const isTold = attempt.steps.some(({ state, error }) => state === 'failed' && error === attempt.error);
  const notes = [
    ...pause.map(({ from, to }) => `after ${duration(to - from)} of rollback and delay`),
    isTold ? undefined : attempt.error,
  ];
  const chain = new Set(chainOf(attempt));
  return [
    {
      ...attempt,
      label: attempts.length > 1 ? `attempt ${attempt.number}` : 'bootstrap',
      strong: true,
      waits: pause,
      note: notes.filter(Boolean).join(' · '),
      thickness: 6,
    },
    ...attempt.steps.map((step) => ({
      ...step,
      label: `${marks[step.state]} ${step.name}`,
      strong: chain.has(step),
      waits: waitsOf(step),
      note: remark(step) ?? '',
      thickness: 14,
    })),
  ];
}

/** The present wait is where it is; the report does not know where earlier ones were, so they come first. */
function waitsOf({ from, to, waitingMs, waitsFor }: TimedStep): Span[] {
  const since = Math.min(to, ...waitsFor.map((wait) => wait.since));
  const earlier = Math.max(0, waitingMs - (to - since));
  return [
    { from, to: from + Math.min(earlier, since - from) },
    { from: since, to },
  ].filter((wait) => wait.to > wait.from);
}

export const laneHeight = ({ note }: Lane): number => LANE + (note ? NOTE : 0);

/** @param y its upper edge */
export function drawLane(lane: Lane, frame: Frame, y: number): string {
  const { from, to, state, note } = lane;
  const middle = y + LANE / 2;
  const bad = state === 'failed' ? ' bad' : '';
  const box = (span: Span): Box => {
    return { x: frame.x(span.from), width: frame.x(span.to) - frame.x(span.from), y: middle, height: lane.thickness };
  };
  const took = duration(to - from);
  const labelCells = Math.floor((frame.left - MARGIN) / CELL) - 1;
  return element(
    'g',
    {},
    element('title', {}, escape(`${lane.label}: ${took}, from ${duration(from)} on${note && `; ${note}`}`)),
    label(MARGIN, middle + 4, (lane.strong ? 'strong' : 'plain') + bad, fit(lane.label, labelCells)),
    bar(state, box(lane)),
    ...lane.waits.map((wait) => hatchedBar(state, box(wait))),
    label(WIDTH - MARGIN, middle + 4, `end${bad}`, took),
    note ? drawNote(lane, frame, y + LANE + 8) : '',
  );
}

/** Under the bar: from its begin on if it fits there, else on the side with more room. */
function drawNote({ from, to, note, state }: Lane, frame: Frame, y: number): string {
  const kind = `small ${state === 'failed' ? 'bad' : 'quiet'}`;
  const begin = frame.x(from);
  const end = frame.x(to);
  const cellsAfter = Math.floor((WIDTH - MARGIN - begin) / SMALL_CELL);
  const cellsBefore = Math.floor((end - frame.left) / SMALL_CELL);
  if (cellsAfter >= Math.min(cells(note), cellsBefore)) return label(begin, y, kind, fit(note, cellsAfter));
  return label(end, y, `${kind} end`, fit(note, cellsBefore));
}

export const labelCellsOf = (lanes: readonly Lane[]): number =>
  Math.min(LABEL_CELLS.most, Math.max(LABEL_CELLS.least, ...lanes.map((lane) => cells(lane.label) + 1)));
