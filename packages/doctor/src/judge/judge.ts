/** From what was seen to what it means. Pure: the same observations give the same examination. */
import { HELP, type Examination, type Finding, type Sound } from '../finding.js';
import { cureFor } from '../cure/cure.js';
import type { Observations } from '../observations.js';
import type { Plan } from '../plan.js';
import { describeDoor } from '../start/door.js';
import { redact } from '../redact.js';
import { seconds } from '../text.js';
import { judgeEarly } from './early.js';
import { judgeDown, judgeHalfAlive } from './half-alive.js';
import { judgeNoAnswer } from './no-answer.js';
import { judgeSelfRequests } from './self-request.js';
import { judgeSigterm } from './sigterm.js';
import { timelineOf } from './timeline.js';
import { judgeTwice } from './twice.js';

export function judge(seen: Observations, plan: Plan, tookMs: number): Examination {
  const { alone, herd } = seen;
  const runs = [alone, ...(herd ? [herd] : [])];
  const early = herd && herd.late.length > 0 ? judgeEarly(alone, herd, plan.health) : undefined;
  const sigterm = judgeSigterm(runs, seen.interrupted);
  const down = seen.down.map((run) => judgeDown(run, alone));
  const findings = [
    ...(herd ? [] : judgeNoAnswer(seen)),
    ...(early?.findings ?? []),
    ...(herd ? [...judgeTwice(alone, herd), ...judgeHalfAlive(alone), ...diedLater(seen)] : []),
    ...judgeSelfRequests(runs.map(({ journal }) => journal)),
    ...down.flatMap((one) => one.findings),
    ...sigterm.findings,
  ].filter(({ code }) => !plan.ignore.has(code));
  const sound: Sound[] = [...(early?.sound ?? []), ...down.flatMap((one) => one.sound), ...sigterm.sound];
  return {
    version: 1,
    command: plan.command.map(redact),
    options: plan.options.map(redact),
    node:
      alone.journal.of('start').find(({ process }) => process === alone.door?.process)?.node ??
      alone.journal.last('start')?.node ??
      '',
    starts: 1 + (herd ? 1 : 0) + (seen.interrupted ? 1 : 0) + seen.down.length + (seen.hang ? 1 : 0),
    tookMs,
    timeline: timelineOf(seen, early),
    early: early?.answers ?? [],
    findings,
    sound,
    notExamined: [...(early?.notExamined ?? []), ...down.flatMap((one) => one.notExamined), ...missing(seen)],
    examined: early?.examined ?? findings.length > 0,
    cure: cureFor(findings, seen),
    help: HELP,
  };
}

/** It opened its port, and ended all the same. */
function diedLater({ alone, herd }: Observations): Finding[] {
  const run = [alone, herd].find((one) => one?.exit !== undefined && one.door !== undefined);
  if (!run?.exit || !run.door) return [];
  const crash = run.journal.last('crash');
  const under = run === herd ? ' under early requests' : '';
  const title = `It ended ${seconds(run.exit.at - run.door.openedAt)} after ${describeDoor(run.door)} was open${under}, ${run.exit.signal ?? `exit code ${run.exit.code}`}${crash ? `: ${crash.message}` : ''}`;
  return [{ code: 'START-ENDED', level: 'error', title, details: [], places: crash?.own ?? [] }];
}

function missing({ alone, herd }: Observations): string[] {
  if (alone.door === undefined || herd === undefined || herd.late.length > 0 || herd.exit) return [];
  return herd.door ? ['the second start gave no late answer'] : ['the second start opened no port'];
}
