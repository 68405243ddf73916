/** HALF-ALIVE: neither up nor down, so that it is not restarted and cannot serve. */
import type { Finding, Sound } from '../finding.js';
import type { AloneRun, DownRun } from '../observations.js';
import { isOk, type Answer } from '../probe/answer.js';
import { seconds } from '../text.js';
import { failedConnects } from './no-answer.js';

const MODES = { refuse: 'refuses connections', silent: 'accepts and says nothing' } as const;

export function judgeHalfAlive(alone: AloneRun): Finding[] {
  const failing = alone.afterBurst.filter(fails).map(({ path, status }) => `GET ${path}: ${status}`);
  if (failing.length === 0 || alone.health.length === 0) return [];
  const title = `${alone.health.join(', ')} says that all is well, but ${failing.length === 1 ? 'a path keeps' : 'paths keep'} failing.`;
  const details = [...new Set([...failing, ...failedConnects(alone.journal)])];
  return [{ code: 'HALF-ALIVE', level: 'error', title, details, places: [] }];
}

export function judgeDown(
  run: DownRun,
  alone: AloneRun,
): { findings: Finding[]; sound: Sound[]; notExamined: string[] } {
  const { target, mode, journal, answers, door, exit, afterMs, startedAt } = run;
  const connects = journal.of('connect').filter(({ to }) => sameTarget(to, target));
  const when = `While ${target} ${MODES[mode]}`;
  const places = connects.find(({ site }) => site.own.length > 0)?.site.own ?? [];
  const half = (title: string, details: string[] = []) => ({
    findings: [{ code: 'HALF-ALIVE', level: 'error', title, details, places } as const],
    sound: [],
    notExamined: [],
  });
  if (connects.length === 0) {
    const known = [...new Set(alone.journal.of('connect').map(({ to }) => to))];
    const others = known.length > 0 ? `it connected to ${known.join(', ')}` : 'it connected to nothing';
    return { findings: [], sound: [], notExamined: [`--down ${target}: the start never connected to it; ${others}`] };
  }
  const tried = `${connects.length} ${connects.length === 1 ? 'attempt' : 'attempts'}`;
  if (exit) {
    const how = exit.signal ?? `exit code ${exit.code}`;
    return {
      findings: [],
      sound: [{ title: `${when}: it ends after ${seconds(exit.at - startedAt)}, ${how}` }],
      notExamined: [],
    };
  }
  if (!door) return half(`${when}, it neither opens a port nor ends: ${seconds(afterMs)}, ${tried} to connect.`);
  const healthy = answers.filter((answer) => alone.health.includes(answer.path) && isOk(answer));
  const failing = answers.filter((answer) => alone.paths.includes(answer.path) && fails(answer));
  const list = failing.map(({ path, status }) => `GET ${path}: ${status}`);
  if (
    failing.length > 0 &&
    failing.length === answers.length &&
    failing.every(({ status }) => typeof status === 'string')
  ) {
    return half(`${when}, the port is open and no request is answered.`, list);
  }
  if (healthy.length > 0 && failing.length > 0) {
    const says = healthy.map(({ path, status }) => `GET ${path} says ${status}`).join(', ');
    return half(`${when}, ${says}, but it cannot work.`, list);
  }
  const state = failing.length > 0 ? `it answers ${list.join(', ')}, and its health says so` : 'it serves all the same';
  return { findings: [], sound: [{ title: `${when}: ${state}` }], notExamined: [] };
}

function fails({ status }: Answer): boolean {
  return typeof status === 'string' || status >= 500;
}

function sameTarget(to: string, target: string): boolean {
  const plain = (text: string) => text.replace(/^(?:127\.0\.0\.1|::1|\[::1\]):/, 'localhost:');
  return plain(to) === plain(target);
}
