/** The opposite of the hang corpus: what must never be accused, although it takes long, or looks like a deadlock. */
import { createGate, type StepContext } from 'bootstrap-gate';
import { collectGarbage } from '@bootstrap-gate/deadlock/adapter';
import { collectVerdicts, collectWarnings, turn, watch } from '../support.js';

/** Runs it and expects that nobody is refused, warned of or told about. */
export const expectNoVerdict = <T>(run: () => Promise<T>): Promise<T> =>
  expectNone(['potential', 'certain', 'proven'], run);

/** The same where locks are taken in an order that could deadlock, and does not. */
export const expectNoRefusal = <T>(run: () => Promise<T>): Promise<T> => expectNone(['certain', 'proven'], run);

async function expectNone<T>(certainties: readonly string[], run: () => Promise<T>): Promise<T> {
  const warnings = collectWarnings();
  let result!: T;
  const verdicts = await collectVerdicts(async () => {
    result = await run();
  });
  const isAllowed = (code: string): boolean => code === 'GATE_LOCK_ORDER' && !certainties.includes('potential');
  expect(verdicts.filter(({ type }) => certainties.includes(type))).toEqual([]);
  expect(warnings.filter(({ name, code }) => name === 'BootstrapGateWarning' && !isAllowed(code))).toEqual([]);
  jest.restoreAllMocks();
  return result;
}

/** A step, and what makes it settle; without that it does so by itself. */
export interface Suspect {
  readonly step: (context: StepContext) => unknown;
  readonly settle?: () => unknown;
}

/** Runs the step, collects all garbage again and again while it is pending, and gives what it delivers in the end. */
export function deliveryOf({ step, settle }: Suspect): Promise<unknown> {
  return expectNoVerdict(async () => {
    const gate = createGate({ name: 'shop', stallAfterMs: Infinity, bootstrap: (boot) => boot.step('load', step) });
    const ready = gate.ensureReady();
    const seen = watch(ready);
    const most = settle ? 5 : 10; // each takes long in a large process
    for (let rounds = 0; rounds < most && seen.state === 'pending'; rounds++) await collectAll();
    if (settle) {
      expect(seen.state).toBe('pending');
      await settle();
    }
    const value = await ready;
    expect(gate.report().verdicts).toEqual([]);
    return value;
  });
}

export async function collectAll(): Promise<void> {
  for (let n = 0; n < 1_000; n++) void { garbage: [n] };
  collectGarbage();
  await turn(); // what was found dead is told in the next turn
  await turn();
}
