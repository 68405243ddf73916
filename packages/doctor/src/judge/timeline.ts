/** The moments of the start: the port opens, the answers become right, nothing is left to do. */
import type { Moment } from '../finding.js';
import type { Place } from '../journal-entry.js';
import type { Observations } from '../observations.js';
import { describeDoor } from '../start/door.js';
import { lineAt } from '../text.js';
import type { Early } from './early.js';

export function timelineOf({ alone, herd }: Observations, early: Early | undefined): Moment[] {
  const { door, quiet, startedAt, exit } = alone;
  const moments: Moment[] = [];
  const listens = listenPlace(alone);
  if (door) moments.push({ fromMs: door.openedAt - startedAt, text: `${describeDoor(door)} opens`, place: listens });
  if (herd && early?.rightSince) {
    // The second start's own times, moved to where its port opened in the first.
    const shift = (door?.openedAt ?? 0) - (herd.door?.openedAt ?? 0) - startedAt;
    const [fromMs, toMs] = early.rightSince.map((at) => at + shift) as [number, number];
    moments.push({ fromMs, toMs, text: 'first right answer' });
  }
  if (door && quiet && quiet.lastAt > door.openedAt + 1) {
    moments.push({
      fromMs: quiet.lastAt - startedAt,
      text: quiet.quiet ? 'start quiet' : 'still at work',
      place: outermost(quiet.site?.own),
    });
  }
  if (exit) moments.push({ fromMs: exit.at - startedAt, text: `ended, ${exit.signal ?? `exit code ${exit.code}`}` });
  return moments.sort((a, b) => a.fromMs - b.fromMs);
}

export function listenPlace({ journal, door }: Observations['alone']): Place | undefined {
  const listen = journal
    .of('listen')
    .find(({ server, process }) => server === door?.server && process === door.process);
  return listen?.site.own[0];
}

/** The call that began it, which tells more than the timer at its end. */
function outermost(own: readonly Place[] = []): Place | undefined {
  return own.findLast((place) => lineAt(place) !== '') ?? own.at(-1);
}
