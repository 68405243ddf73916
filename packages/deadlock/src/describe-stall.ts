/** One answer to "why does this start not finish?": what is awaited, by whom, who holds what, and what is open. */
import { explain, type ExplainOptions, type Explanation } from './explain/explain.js';
import { explanationText } from './explain/text.js';
import { locks, type LockState } from './locks/lock-report.js';
import { openText, type OpenThing, whatIsOpen } from './open/open.js';
import { pools, type PoolState } from './pools/pool-report.js';
import { blockedSessions, blockedText, type BlockedSession } from './pools/postgres-locks.js';
import { registeredPools } from './pools/registry.js';
import { processWide } from './process-wide.js';

export interface StallOptions extends Pick<ExplainOptions, 'maxHeapMb' | 'locateMs'> {
  /** The promises of pending steps under the names to show, such as `step "db" of gate "shop"`. */
  readonly steps?: ExplainOptions['of'];
}

/** What is known about a stall, as plain data. */
export interface Stall extends Explanation {
  readonly locks: readonly LockState[];
  readonly pools: readonly PoolState[];
  /** Sessions of traced Postgres pools that wait for a lock of the database. Always empty in `describeStallNow`. */
  readonly blockedSessions: readonly BlockedSession[];
  readonly open: readonly OpenThing[];
}

/**
 * All that can be found out. Never rejects; for each traced Postgres pool in use the server is asked who blocks whom, which
 * takes some 15 ms, and 3 s at most.
 */
export async function describeStall(options: StallOptions = {}): Promise<Stall> {
  const now = describeStallNow(options);
  const asked = registeredPools().flatMap(({ postgres }) => (postgres ? [blockedSessions(postgres)] : []));
  const stall = { ...now, blockedSessions: (await Promise.all(asked)).flat() };
  return { ...stall, text: stallText(stall) };
}

/** What can be told synchronously, in an `exit` listener too. */
export function describeStallNow({ steps, ...options }: StallOptions = {}): Stall {
  // What is open comes first: a look at the heap takes a while, and sockets would age in it.
  const open = whatIsOpen();
  const stall = {
    ...explain({ ...options, of: { ...namedWaits(), ...steps } }),
    locks: locks().locks,
    pools: pools().pools,
    blockedSessions: [],
    open,
  };
  return { ...stall, text: stallText(stall) };
}

/** What is awaited at gates and locks, under their names. */
const namedWaits = (): Record<string, PromiseLike<unknown>> =>
  Object.fromEntries(
    [...processWide.pending].filter(({ isOver }) => !isOver).map(({ on, promise }) => [on.label, promise]),
  );

/** At most a screen of text; empty where nothing is awaited, held or open. */
function stallText(stall: Omit<Stall, 'text' | 'tookMs'>): string {
  const suspects = stall.open.filter(({ isSuspect }) => isSuspect);
  const others = stall.open.filter(({ isSuspect }) => !isSuspect);
  return [
    section('Blocked in Postgres:', blockedText(stall.blockedSessions)),
    section('Awaited:', explanationText(stall)),
    section('Locks:', stall.locks.length > 0 ? locks().text : ''),
    section('Pools:', stall.pools.length > 0 ? pools().text : ''),
    section('Open, and a likely reason:', openText(suspects)),
    section('Also open:', openText(others, { maxLines: 4 })),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

/** What is awaited in the application, without what is only open: for the end of a process. */
export function awaitedText(stall: Stall): string {
  const awaits = stall.awaits.filter(({ stack }) => stack.some(({ isLibrary }) => !isLibrary));
  const isNothing = awaits.length === 0 && stall.cycles.length === 0 && stall.unavailable === undefined;
  return isNothing ? '' : stallText({ ...stall, awaits });
}

const section = (title: string, text: string): string => (text === '' ? '' : `${title}\n${indented(text)}`);
const indented = (text: string): string => text.replace(/^/gm, '  ');
