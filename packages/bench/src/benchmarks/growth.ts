/** Whether anything grows faster than what is held, or than the steps of a bootstrap. */
import type { Benchmark, Contender, Measures } from '../benchmark.js';
import { hold } from '../hold.js';

const HELD = [100, 1_000, 10_000, 100_000];
const STEPS = [1, 10, 100, 1_000, 10_000];
/** Small bootstraps are repeated until this many steps have run. */
const STEPS_AT_LEAST = 2_000;

const number = (value: number): string => value.toLocaleString('en');
const heldName = (count: number): string => `${number(count)} held`;
const stepsName = (count: number): string => `${number(count)} ${count === 1 ? 'step' : 'steps'}`;

async function steps(count: number): Promise<Measures> {
  const { createGate } = await import('bootstrap-gate');
  const inSeries = () =>
    createGate({
      bootstrap: async (boot) => {
        for (let i = 0; i < count; i++) await boot.step(`step ${i}`, () => i);
      },
    });
  const inParallel = () =>
    createGate({
      bootstrap: (boot) => Promise.all(Array.from({ length: count }, (_, i) => boot.step(`step ${i}`, () => i))),
    });
  const all = Math.max(count, STEPS_AT_LEAST);
  const time = async (make: () => { ensureReady(): Promise<unknown> }): Promise<number> => {
    for (let i = 0; i < 200 / count; i++) await make().ensureReady();
    globalThis.gc?.();
    const begun = performance.now();
    for (let done = 0; done < all; done += count) await make().ensureReady();
    return ((performance.now() - begun) / all) * 1e3;
  };
  const series = await time(inSeries);
  const parallel = await time(inParallel);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const gates = Array.from({ length: all / count }, inSeries);
  for (const gate of gates) await gate.ensureReady();
  globalThis.gc?.();
  const bytes = (process.memoryUsage().heapUsed - before) / all;
  if (gates.length * count !== all) throw new Error('gates were collected');
  return { bytes, seriesUs: series, parallelUs: parallel };
}

const held: Record<string, Contender> = Object.fromEntries(
  HELD.map((count) => [heldName(count), { against: heldName(1_000), run: () => hold('bootstrapGate', count) }]),
);

const stepped: Record<string, Contender> = Object.fromEntries(
  STEPS.map((count) => [stepsName(count), { against: stepsName(100), run: () => steps(count) }]),
);

export const benchmark: Benchmark = {
  title: 'How cost grows',
  about: `Per held request: memory, time to hold it, time from the opening until all are served, divided by their number (the handler does
nothing). Per step: memory that a ready gate keeps for its report, and time of steps that do nothing, one after another and all at
once, the making of the gate included. Few held requests and single steps carry what is there once for all.`,
  rounds: 2,
  nodeOptions: ['--no-warnings', '--expose-gc', '--max-old-space-size=4096'],
  metrics: {
    bytes: { title: 'bytes', digits: 0 },
    holdUs: { title: 'hold, µs', digits: 2 },
    releaseUs: { title: 'release, µs', digits: 2 },
    seriesUs: { title: 'in series, µs', digits: 1 },
    parallelUs: { title: 'at once, µs', digits: 1 },
  },
  contenders: { ...held, ...stepped },
};
