/** SIGTERM-IGNORED: a deployment that is taken back has to wait, and then kills. */
import type { Finding, Sound } from '../finding.js';
import type { InterruptedRun, Run } from '../observations.js';
import { seconds } from '../text.js';

export function judgeSigterm(
  runs: readonly Run[],
  interrupted: InterruptedRun | undefined,
): { findings: Finding[]; sound: Sound[] } {
  const alive = runs.filter(({ exit }) => exit === undefined);
  const quiet = alive.find(({ ending }) => !ending.obeyed) ?? alive.findLast(({ door }) => door !== undefined);
  const all = [
    ...(interrupted ? [{ when: whenOf(interrupted), ending: interrupted.ending }] : []),
    ...(quiet ? [{ when: 'SIGTERM when all is quiet', ending: quiet.ending }] : []),
  ];
  const [ignored] = all.filter(({ ending }) => !ending.obeyed);
  if (!ignored) {
    return {
      findings: [],
      sound: all.map(({ when, ending }) => ({ title: `${when}: gone in ${seconds(ending.tookMs)}` })),
    };
  }
  const title = `${ignored.when}: still alive after ${seconds(ignored.ending.tookMs)}.`;
  return { findings: [{ code: 'SIGTERM-IGNORED', level: 'error', title, details: [], places: [] }], sound: [] };
}

function whenOf({ afterMs, portWasOpen }: InterruptedRun): string {
  return `SIGTERM during the start (after ${seconds(afterMs)}, ${portWasOpen ? 'port open' : 'before the port'})`;
}
