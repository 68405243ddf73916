/** SIGTERM-IGNORED: a deployment that is taken back half-way has to wait, and then kills. */
import type { Finding, Sound } from '../finding.js';
import type { AloneRun, HerdRun, InterruptedRun } from '../observations.js';
import { seconds } from '../text.js';

export function judgeSigterm(
  alone: AloneRun,
  herd: HerdRun | undefined,
  interrupted: InterruptedRun | undefined,
): { findings: Finding[]; sound: Sound[] } {
  const base = { code: 'SIGTERM-IGNORED', level: 'error', details: [], places: [] } as const;
  const findings: Finding[] = [];
  const sound: Sound[] = [];
  if (interrupted) {
    const { ending, portWasOpen, afterMs } = interrupted;
    const when = `SIGTERM during the start (after ${seconds(afterMs)}, ${portWasOpen ? 'port open' : 'before the port'})`;
    if (ending.obeyed) sound.push({ title: `${when}: gone in ${seconds(ending.tookMs)}` });
    else findings.push({ ...base, title: `${when}: still alive after ${seconds(ending.tookMs)}.` });
  }
  const stubborn = [alone, ...(herd ? [herd] : [])].find((run) => run.exit === undefined && !run.ending.obeyed);
  if (stubborn && findings.length === 0) {
    findings.push({
      ...base,
      title: `SIGTERM when all is quiet: still alive after ${seconds(stubborn.ending.tookMs)}.`,
    });
  }
  return { findings, sound };
}
