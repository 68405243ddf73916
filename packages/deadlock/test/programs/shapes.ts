/** What the shapes of gates are made of, and how they are run. */
import { isDeadlockError, setProofHeapLimit } from '@bootstrap-gate/deadlock';
import type { SmallGate } from './small-gate.js';

export const after = <T>(ms: number, value?: T): Promise<T> =>
  new Promise((resolve) => setTimeout(resolve, ms, value as T));

/** Keeps what it gets, for ever. */
export const kept: unknown[] = [];
Object.assign(globalThis, { kept });

/** Another function between the bootstrap and its wait. */
export const deep = async <T>(gate: SmallGate<T>): Promise<T> => {
  const value = await gate.ensureReady();
  return value;
};

export interface Outcome {
  readonly shape: string;
  readonly outcome: 'opens' | 'refused' | 'fails' | 'hangs';
  /** Of the verdict: `owner → what it waits for`, a link each. */
  readonly cycle: readonly string[];
  readonly error?: string;
}

export type Shape = () => SmallGate<unknown>;

/** Long after anything that ends by itself has ended, and after several looks. */
const PATIENCE_MS = 30_000;

/** Starts the gate of each shape from outside, one after another, and prints what becomes of it. */
export async function runShapes(shapes: Readonly<Record<string, Shape>>): Promise<void> {
  if (process.argv[2] === 'large-heap') setProofHeapLimit(0);
  for (const [shape, make] of Object.entries(shapes)) {
    const gate = make();
    const end = Promise.race([gate.ensureReady().then(() => 'opens' as const), after(PATIENCE_MS, 'hangs' as const)]);
    const outcome = await end.catch((error: unknown) => error);
    const isRefused = gate.verdicts.length > 0 || isDeadlockError(outcome);
    print({
      shape,
      outcome: isRefused ? 'refused' : typeof outcome === 'string' ? (outcome as Outcome['outcome']) : 'fails',
      cycle: gate.verdicts.flatMap(({ cycle }) => cycle.map(({ owner, waitsFor }) => `${owner} → ${waitsFor}`)),
      ...(outcome instanceof Error && { error: outcome.message }),
    });
  }
  process.exit();
}

export const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
