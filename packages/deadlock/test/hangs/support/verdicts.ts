/** What a case expects of its verdict. */
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Gate, isGateError } from 'bootstrap-gate';
import { isDeadlockError, type Verdict } from '@bootstrap-gate/deadlock';
import { rejection } from '../../support.js';
import type { Watch } from './watch.js';

/** The verdict that refuses a wait. Attaches at once, so that a rejection is never unhandled. */
export async function refusal(waiting: Promise<unknown>): Promise<Verdict> {
  const error = await rejection(waiting);
  const isRefusal = isDeadlockError(error) || (isGateError(error) && error.code === 'ERR_GATE_DEADLOCK');
  if (!isRefusal || !error.verdict) throw new Error('rejected with something else', { cause: error });
  expect(error.message).toContain(error.verdict.advice);
  return error.verdict;
}

/** The links of the cycle in order: who waits for what, and the line of the case in which that wait began. */
export const cycleOf = ({ cycle }: Verdict): string[][] =>
  cycle.map(({ owner, waitsFor, at }) => [owner, waitsFor, codeAt(at)]);

/** The line of a case that a place names. */
export function codeAt(place: string): string {
  const [, file = '', line = ''] = /\(?([^\s()]+):(\d+):\d+\)?$/.exec(place) ?? [];
  if (basename(dirname(file)) !== 'hangs') throw new Error(`the place is in no case: ${place}`);
  return (
    readFileSync(file.startsWith('file:') ? fileURLToPath(file) : file, 'utf8')
      .split('\n')
      [Number(line) - 1]?.trim() ?? ''
  );
}

interface Loopback {
  readonly step: string;
  /** The line that started it. */
  readonly code: string;
  /** Such as GET /own. */
  readonly request: string;
}

/** Expects that the operator is told which step called its own server, where the step only saw a failed request. */
export function expectLoopback(watch: Watch, gate: Gate<unknown>, { step, code, request }: Loopback): void {
  const { name } = gate;
  const { verdicts } = gate.report();
  const label = `step "${step}" of gate "${name}"`;
  expect(verdicts.map(({ certainty }) => certainty)).toEqual(['certain']);
  expect(verdicts.flatMap(({ cycle }) => cycle)).toMatchObject([
    { owner: `bootstrap of gate "${name}"`, waitsFor: label },
    { owner: label, waitsFor: `gate "${name}"`, at: request },
  ]);
  expect(codeAt(verdicts[0]?.cycle[0]?.at ?? '')).toBe(code);
  // On a machine that is busy with something else the stall may come before the proof.
  const warnings = watch.warnings.filter((warning) => warning.code !== 'GATE_STALLED');
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_LOOPBACK']);
  expect(warnings[0]?.message).toContain(`${label} sent a request (${request})`);
}

interface Pending {
  readonly step: string;
  /** The line that started it. */
  readonly code: string;
  /** What the step waits for, as far as the gate knows. */
  readonly waitsFor?: RegExp;
}

/** Waits until the pending step is named, and expects that nobody is accused. */
export async function expectStalled(watch: Watch, gate: Gate<unknown>, { step, code, ...rest }: Pending) {
  const { message, at } = await watch.warning('GATE_STALLED');
  watch.told(at);
  const { waitsFor = /^it waits for nothing that the gate knows of\.$/ } = rest;
  const [, startedAt = '', reason = ''] = / \(started at (.*?\)?)\); (.*)$/s.exec(message) ?? [];
  expect(message).toMatch(new RegExp(`^The step "${step}" of gate "${gate.name}" has been pending for `));
  expect(codeAt(startedAt)).toBe(code);
  expect(reason).toMatch(waitsFor);
  const { state, verdicts, attempts } = gate.report();
  expect({ state, verdicts, warnings: watch.warnings.length }).toEqual({ state: 'booting', verdicts: [], warnings: 1 });
  expect(attempts[0]?.steps).toMatchObject([{ name: step, state: 'running' }]);
}

/** Waits until the flight fails by the proof that its step can never finish. */
export async function expectProven(
  watch: Watch,
  gate: Gate<unknown>,
  ready: Promise<unknown>,
  { step, code }: Pending,
) {
  const failure = await rejection(ready);
  watch.told();
  if (!isGateError(failure)) throw failure;
  expect(failure.code).toBe('ERR_GATE_BOOTSTRAP_FAILED');
  expect(failure.cause).toMatchObject({ code: 'ERR_GATE_DEADLOCK' });
  expect(failure.verdict?.certainty).toBe('proven');
  expect(failure.verdict && cycleOf(failure.verdict)).toEqual([
    [`step "${step}" of gate "${gate.name}"`, 'a promise that nothing can settle any more', code],
  ]);
  const { verdicts, attempts } = gate.report();
  expect(verdicts).toEqual([failure.verdict]);
  expect(attempts[0]?.steps).toMatchObject([{ name: step, state: 'failed' }]);
  // From Node 26 on a small collection may come first, on its own.
  expect(['', 'GATE_STALLED', 'GATE_STALLED,GATE_STALLED']).toContain(watch.warnings.map(({ code }) => code).join());
}
