/** Who waits for what while a bootstrap runs: the wait-for graph that tells a long wait from one that can never end. */
import { innermost, type Scope } from './context.js';
import type { Verdict, VerdictLink } from './errors.js';

/** Something that can be waited for. It is there when its holder has finished. */
export interface Resource {
  readonly kind: 'gate' | 'step';
  readonly name: string;
  /** As verdicts and warnings call it, such as `step "load" of gate "shop"`. */
  readonly label: string;
  /** Whose end brings it; undefined while nobody works on it. */
  holder(): Owner | undefined;
}

/** One owner waits for one resource. `since` is in epoch ms, `at` the place in the user's code. */
export interface Wait {
  readonly on: Resource;
  readonly since: number;
  readonly at: string;
}

/** An async context that others may depend on: a flight or a step. Never a request. */
export class Owner {
  readonly label: string;
  readonly waits = new Set<Wait>();
  /** Set when nobody depends on it any more; what is left of it may wait for anything. */
  settled = false;
  #waitedMs = 0;
  #waitingSince = 0;

  constructor(label: string) {
    this.label = label;
  }

  /** Records a wait until the returned function is called. */
  waitFor(wait: Wait, now: () => number): () => void {
    if (this.waits.size === 0) this.#waitingSince = now();
    this.waits.add(wait);
    return () => {
      if (this.waits.delete(wait) && this.waits.size === 0) this.#waitedMs += now() - this.#waitingSince;
    };
  }

  /** How long it has been waiting altogether; parallel waits count once. */
  waitedMs(now: number): number {
    return this.#waitedMs + (this.waits.size > 0 ? now - this.#waitingSince : 0);
  }
}

/** The flight or step on whose behalf `scope` runs. */
export function ownerOf(scope: Scope | undefined): Owner | undefined {
  return innermost(scope, (of): of is Owner => of instanceof Owner);
}

/**
 * The cycle that `wait` would close for `owner`, as a verdict, or undefined. Only what really holds it up counts: from
 * the resource's holder along the waits of unsettled owners back to `owner`.
 */
export function cycleThrough(owner: Owner, wait: Wait): Verdict | undefined {
  if (owner.settled) return undefined;
  const path = pathBetween(wait.on.holder(), owner, new Set());
  if (!path) return undefined;
  const cycle = [...path, link(owner, wait)];
  return { certainty: 'certain', cycle, advice: adviceFor(owner, wait) };
}

function pathBetween(from: Owner | undefined, to: Owner, seen: Set<Owner>): VerdictLink[] | undefined {
  if (!from || from.settled || seen.has(from)) return undefined;
  if (from === to) return [];
  seen.add(from);
  for (const wait of from.waits) {
    const rest = pathBetween(wait.on.holder(), to, seen);
    if (rest) return [link(from, wait), ...rest];
  }
  return undefined;
}

function link(owner: Owner, wait: Wait): VerdictLink {
  return { owner: owner.label, waitsFor: wait.on.label, since: wait.since, at: wait.at };
}

function adviceFor(owner: Owner, wait: Wait): string {
  return (
    `Do not await ${wait.on.label} in ${owner.label}, which has to finish first. ` +
    `Pass it what it needs as a value, or start the work with boot.detach(), which the bootstrap does not wait for.`
  );
}

/** A verdict as text, one wait a line. */
export function describe(verdict: Verdict): string {
  const lines = verdict.cycle.map(({ owner, waitsFor, at }) => `  ${owner} waits for ${waitsFor} (${at})`);
  return [...lines, verdict.advice].join('\n');
}

/** The place in the user's code that called `below`. */
export function callSite(below: (...args: never[]) => unknown): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, below);
  Error.stackTraceLimit = limit;
  return holder.stack?.split('\n')[1]?.trim().replace(/^at /, '') ?? 'unknown place';
}
