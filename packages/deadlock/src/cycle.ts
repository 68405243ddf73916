/** Finds the cycle that a wait would close, and what is to become of it. Detection is at the closing wait: no polling. */
import { publish } from './channel.js';
import { adviceFor } from './advice.js';
import type { DeadlockMode, Holder, Owner, Party, Wait } from './owner.js';
import { describe, type Verdict, type VerdictLink } from './verdict.js';
import { warn } from './warnings.js';

/** A wait of an owner that is part of a cycle. */
interface Edge {
  readonly owner: Owner;
  readonly wait: Wait;
  readonly heldAt: string | undefined;
}

export interface Cycle {
  readonly verdict: Verdict;
  readonly parties: ReadonlySet<Party>;
  /** Its waits, the closing one last. */
  readonly waits: readonly Wait[];
}

/**
 * The cycle that `wait` would close for one of `owners`, or undefined. Only what really holds it up counts: from the
 * resource's holder along the waits of unsettled owners back to one of them. The shortest is told.
 */
export function cycleThrough(owners: readonly Owner[], wait: Wait): Cycle | undefined {
  if (owners.length === 0) return undefined;
  const found = pathTo(owners, wait.on.holder());
  if (!found) return undefined;
  const edges: Edge[] = [...found.edges, { owner: found.end.owner, wait, heldAt: found.end.at?.() }];
  return {
    verdict: {
      certainty: 'certain',
      cycle: edges.map(linkOf),
      advice: adviceFor(edges.map(({ owner, wait }) => ({ owner: owner.label, wait }))),
    },
    waits: edges.map(({ wait }) => wait),
    parties: new Set(edges.flatMap(({ owner, wait }) => [wait.on.party, ...(owner.party ? [owner.party] : [])])),
  };
}

/** Where the search stands: at a holder, reached by a wait of the one before. */
interface Place {
  readonly holder: Holder;
  readonly before: Place | undefined;
  readonly by: Wait | undefined;
}

/** Breadth first, so without recursion: there may be ten thousand steps. */
function pathTo(ends: readonly Owner[], start: Holder | undefined): { edges: Edge[]; end: Holder } | undefined {
  if (!start) return undefined;
  const lowest = new Map<Owner, number>();
  const queue: Place[] = [{ holder: start, before: undefined, by: undefined }];
  for (const place of queue) {
    const { owner, since } = place.holder;
    if (owner.settled) continue;
    // Who holds by acquire() alone and waits for it in another branch may still let go of it.
    const mayLetGo = since !== undefined && !place.before;
    if (ends.includes(owner) && !mayLetGo) return { edges: edgesTo(place), end: place.holder };
    const from = since ?? -1;
    if ((lowest.get(owner) ?? Infinity) <= from) continue;
    lowest.set(owner, from);
    for (const wait of owner.waits) {
      const holder = wait.number > from ? wait.on.holder() : undefined;
      if (!holder || (holder.owner === owner && holder.since !== undefined)) continue; // the same in a longer circle
      queue.push({ holder, before: place, by: wait });
    }
  }
  return undefined;
}

function edgesTo(end: Place): Edge[] {
  const edges: Edge[] = [];
  for (let place = end; place.before && place.by; place = place.before) {
    const { owner, at } = place.before.holder;
    edges.unshift({ owner, wait: place.by, heldAt: at?.() });
  }
  return edges;
}

const linkOf = ({ owner, wait, heldAt }: Edge): VerdictLink => ({
  owner: owner.label,
  waitsFor: wait.on.label,
  since: wait.since,
  at: wait.at,
  ...(heldAt !== undefined && { heldAt }),
});

/**
 * Tells a cycle to all who are involved.
 *
 * @returns the verdict to refuse the wait with; undefined where one of them is set to let it hang
 */
export function judge(cycle: Cycle | undefined): Verdict | undefined {
  if (!cycle) return undefined;
  const mode = modeOfAll(cycle.parties);
  if (mode === 'off') return undefined;
  tell(cycle);
  if (mode === 'throw') return cycle.verdict;
  warn('GATE_DEADLOCK', `A wait can never end:\n${describe(cycle.verdict)}`);
  return undefined;
}

/** Hands a verdict to the gates that are involved, or else to the channel alone. */
export function tell({ verdict, parties }: Pick<Cycle, 'verdict' | 'parties'>): void {
  const noting = [...parties].filter((party) => party.note);
  for (const party of noting) party.note!(verdict);
  if (noting.length === 0) publish(verdict);
}

/** What becomes of a cycle is what the most lenient of those involved says. */
export function modeOfAll(parties: ReadonlySet<Party>): DeadlockMode {
  const modes = new Set([...parties].map((party) => party.deadlock));
  return modes.has('off') ? 'off' : modes.has('warn') ? 'warn' : 'throw';
}
