import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Boot, createGate, type GateOptions, type HistoryStore } from '../../src/index.js';
import { createGateWith } from '../../src/create-gate.js';
import { coreOf } from '../../src/gate/registry.js';
import { ManualClock, settled } from '../manual-clock.js';
import { collectWarnings, deferred, never, rejection } from '../support.js';

afterEach(() => jest.restoreAllMocks());

/** A store in memory that tells when it was saved. */
class Memory implements HistoryStore {
  text: string | undefined;
  #saved = deferred();

  constructor(text?: string) {
    this.text = text;
  }

  load(): string | undefined {
    return this.text;
  }

  save(text: string): void {
    this.text = text;
    this.#saved.resolve();
    this.#saved = deferred();
  }

  get saved(): Promise<void> {
    return this.#saved.promise;
  }
}

/** A gate whose steps `a` and `b`, one after the other, take as long as is said. */
function gateOf(history: HistoryStore, clock: ManualClock, steps: Record<string, number>) {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
  const bootstrap = async (boot: Boot): Promise<void> => {
    for (const [name, ms] of Object.entries(steps)) await boot.step(name, () => wait(ms));
  };
  return createGateWith({ name: 'shop', history, bootstrap, stallAfterMs: Infinity }, clock);
}

async function bootOnce(memory: Memory, steps: Record<string, number>): Promise<void> {
  const clock = new ManualClock();
  const gate = gateOf(memory, clock, steps);
  const { saved } = memory;
  const ready = gate.ensureReady();
  await settled();
  for (const ms of Object.values(steps)) await clock.advance(ms);
  await ready;
  await saved;
}

test('the durations of a boot are kept by step, and the next boot is measured by them', async () => {
  const memory = new Memory();
  await bootOnce(memory, { a: 400, b: 600 });
  expect(JSON.parse(memory.text ?? '')).toEqual({
    version: 1,
    boots: [{ durationMs: 1_000, steps: { a: 400, b: 600 } }],
  });
  const clock = new ManualClock();
  const gate = gateOf(memory, clock, { a: 400, b: 600 });
  expect(gate.report().estimate).toBeNull();
  void gate.ensureReady();
  await settled();
  await clock.advance(300);
  expect(gate.report().estimate).toEqual({ boots: 1, durationMs: 1_000, remainingMs: 700, slower: [] });
});

test('a step that takes twice as long as usual, and 100 ms longer, is shown as slower, also while it runs', async () => {
  const memory = new Memory();
  for (const a of [500, 300, 400]) await bootOnce(memory, { a, quick: 10 });
  const clock = new ManualClock();
  const gate = gateOf(memory, clock, { quick: 99, a: 900 });
  const ready = gate.ensureReady();
  await settled();
  await clock.advance(99);
  await clock.advance(799);
  expect(gate.report().estimate).toEqual({ boots: 3, durationMs: 410, remainingMs: 0, slower: [] });
  await clock.advance(1);
  expect(gate.report().estimate?.slower).toEqual([{ name: 'a', durationMs: 800, usualMs: 400 }]);
  await clock.advance(100);
  await ready;
  expect(gate.report().estimate).toMatchObject({ remainingMs: 0, slower: [{ name: 'a', durationMs: 900 }] });
});

test('a boot is measured by those before it, and not by itself, also when it is over', async () => {
  const memory = new Memory();
  await bootOnce(memory, { a: 100 });
  const clock = new ManualClock();
  const gate = gateOf(memory, clock, { a: 400 });
  const { saved } = memory;
  const ready = gate.ensureReady();
  await settled();
  await clock.advance(400);
  await ready;
  await saved;
  const slower = [{ name: 'a', durationMs: 400, usualMs: 100 }];
  expect(gate.report().estimate).toEqual({ boots: 1, durationMs: 100, remainingMs: 0, slower });
  await gate.reset();
  void gate.ensureReady();
  await settled();
  expect(gate.report().estimate).toMatchObject({ boots: 2, durationMs: 250 });
});

test('from 100 ms on a step counts as slower, and what is new counts as nothing', async () => {
  const memory = new Memory();
  await bootOnce(memory, { a: 100 });
  const clock = new ManualClock();
  const gate = gateOf(memory, clock, { a: 300, b: 300 });
  void gate.ensureReady();
  await settled();
  await clock.advance(199);
  expect(gate.report().estimate?.slower).toEqual([]);
  await clock.advance(1);
  expect(gate.report().estimate?.slower).toEqual([{ name: 'a', durationMs: 200, usualMs: 100 }]);
  await clock.advance(400);
  expect(gate.report().estimate?.slower).toEqual([{ name: 'a', durationMs: 300, usualMs: 100 }]);
});

test('a step that failed is not kept', async () => {
  const memory = new Memory();
  const { saved } = memory;
  const bootstrap = async (boot: Boot): Promise<void> => {
    await boot.step('works', () => 1);
    await boot.step('fails', () => Promise.reject(new Error('no')), { optional: true });
  };
  await createGateWith({ history: memory, bootstrap }, new ManualClock()).ensureReady();
  await saved;
  expect(JSON.parse(memory.text ?? '')).toEqual({ version: 1, boots: [{ durationMs: 0, steps: { works: 0 } }] });
});

test('there is an estimate before the first step, for a listener that asks as soon as the flight has begun', async () => {
  const memory = new Memory();
  await bootOnce(memory, { a: 400 });
  const gate = gateOf(memory, new ManualClock(), {});
  const { saved } = memory;
  await gate.ensureReady();
  await saved;
  await gate.reset();
  const seen: unknown[] = [];
  gate.onChange(() => seen.push(gate.report().estimate));
  void gate.ensureReady();
  expect(seen).toEqual([{ boots: 2, durationMs: 200, remainingMs: 200, slower: [] }]);
});

test('what is left of a boot is told while one runs, and is nothing afterwards', async () => {
  const memory = new Memory();
  await bootOnce(memory, { a: 400 });
  const clock = new ManualClock();
  const gate = gateOf(memory, clock, { a: 100 });
  expect(coreOf('the test', gate).timing).toBeUndefined();
  const ready = gate.ensureReady();
  await settled();
  await clock.advance(99);
  expect(coreOf('the test', gate).timing).toEqual({ durationMs: 400, remainingMs: 301 });
  expect(gate.report().estimate).toMatchObject({ remainingMs: 301 });
  await clock.advance(1);
  await ready;
  expect(coreOf('the test', gate).timing).toBeUndefined();
  expect(gate.report().estimate).toMatchObject({ durationMs: 400, remainingMs: 0 });
});

test('N1: a gate that keeps no history knows nothing of what is left', async () => {
  const clock = new ManualClock();
  const gate = createGateWith({ bootstrap: never }, clock);
  void gate.ensureReady();
  expect(coreOf('the test', gate).timing).toBeUndefined();
  expect(coreOf('the test', createGateWith(undefined, clock)).timing).toBeUndefined();
});

test('the last ten boots are kept, and a thousand steps of each', async () => {
  const memory = new Memory();
  for (let boot = 1; boot <= 12; boot++) await bootOnce(memory, { a: boot });
  const { boots } = JSON.parse(memory.text ?? '') as { boots: { durationMs: number }[] };
  expect(boots.map(({ durationMs }) => durationMs)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

  const many = new Memory();
  const { saved } = many;
  const bootstrap = (boot: Boot): Promise<unknown> =>
    Promise.all(Array.from({ length: 1_100 }, (_, number) => boot.step(`step ${number}`, () => number)));
  await createGate({ history: many, bootstrap }).ensureReady();
  await saved;
  const [wide] = (JSON.parse(many.text ?? '') as { boots: { steps: object }[] }).boots;
  expect(Object.keys(wide?.steps ?? {})).toHaveLength(1_000);
});

test('of a longer history the last ten boots are read, also those that took no time', async () => {
  const boots = Array.from({ length: 12 }, (_, n) => ({ durationMs: n < 2 ? 900 : 0, steps: { a: 0 } }));
  const gate = gateOf(new Memory(JSON.stringify({ version: 1, boots })), new ManualClock(), { a: 5 });
  void gate.ensureReady();
  await settled();
  expect(gate.report().estimate).toEqual({ boots: 10, durationMs: 0, remainingMs: 0, slower: [] });
});

test('a flight that failed is not kept', async () => {
  const save = jest.fn();
  const bootstrap = (): Promise<never> => Promise.reject(new Error('no'));
  await rejection(createGate({ history: { load: () => undefined, save }, bootstrap }).ensureReady());
  await settled();
  expect(save).not.toHaveBeenCalled();
});

test.each<[string, string]>([
  ['is not JSON', '{"version":1,'],
  ['is of another version', '{"version":2,"boots":[]}'],
  ['has no boots', '{"version":1}'],
  ['has durations that are none', '{"version":1,"boots":[{"durationMs":"1","steps":{}}]}'],
  ['has negative steps', '{"version":1,"boots":[{"durationMs":1,"steps":{"a":-1}}]}'],
  [
    'has a boot among others that is none',
    '{"version":1,"boots":[{"durationMs":1,"steps":{}},{"durationMs":-1,"steps":{}}]}',
  ],
  ['has a number for steps', '{"version":1,"boots":[{"durationMs":1,"steps":5}]}'],
  ['has null for steps', '{"version":1,"boots":[{"durationMs":1,"steps":null}]}'],
  ['has a boot without steps', '{"version":1,"boots":[{"durationMs":1}]}'],
  ['is null', 'null'],
])('a history that %s is a warning; the gate opens, and begins a new one', async (_how, text) => {
  const warnings = collectWarnings();
  const memory = new Memory(text);
  await bootOnce(memory, { a: 5 });
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_CALLBACK_FAILED']);
  expect(warnings[0]?.message).toContain('The history of gate "shop" could not be read');
  expect(JSON.parse(memory.text ?? '')).toMatchObject({ boots: [{ durationMs: 5 }] });
});

test.each<[string, HistoryStore]>([
  [
    'throws',
    {
      load: () => undefined,
      save: () => {
        throw new Error('disk full');
      },
    },
  ],
  ['rejects', { load: () => undefined, save: () => Promise.reject(new Error('disk full')) }],
])('a store whose save %s is a warning, and the gate is open', async (_how, history) => {
  const warnings = collectWarnings();
  const gate = createGate({ name: 'shop', history, bootstrap: () => 'value' });
  expect(await gate.ensureReady()).toBe('value');
  await settled();
  expect(warnings.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'GATE_CALLBACK_FAILED The history of gate "shop" could not be saved: disk full',
  ]);
});

test('an older history never overtakes a newer one, however long a store takes to save', async () => {
  const saves: ReturnType<typeof deferred>[] = [];
  const save = (): Promise<unknown> => {
    const saved = deferred();
    saves.push(saved);
    return saved.promise;
  };
  const gate = createGate({ history: { load: () => undefined, save }, bootstrap: () => 1 });
  for (const _ of [1, 2]) {
    await gate.ensureReady();
    await gate.reset();
    await settled();
  }
  expect(saves).toHaveLength(1);
  saves[0]?.resolve(undefined);
  await settled();
  expect(saves).toHaveLength(2);
});

test('nobody waits for a store that never answers', async () => {
  const silent = new Promise<undefined>(() => {});
  const gate = createGate({ history: { load: () => silent, save: () => silent }, bootstrap: () => 'value' });
  expect(await gate.ensureReady()).toBe('value');
  expect(gate.report().estimate).toBeNull();
});

describe('a file', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'bootstrap-gate-history-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  /** Boots once; resolves when the history has been saved, or the warning that it could not. */
  async function boot(options: GateOptions<number>): Promise<void> {
    const gate = createGate({ ...options, bootstrap: () => 1 });
    await gate.ensureReady();
  }

  const until = async (check: () => boolean): Promise<void> => {
    while (!check()) await new Promise(setImmediate);
  };

  test('is made by the first boot, replaced as a whole, and nothing else is left', async () => {
    const path = join(dir, 'boots.json');
    await boot({ history: path });
    await until(() => readdirSync(dir).join() === 'boots.json');
    await boot({ history: path });
    await until(() => readFileSync(path, 'utf8').split('durationMs').length === 3);
    await until(() => readdirSync(dir).join() === 'boots.json');
  });

  test('that is corrupt, or cannot be written, is a warning', async () => {
    const warnings = collectWarnings();
    const path = join(dir, 'boots.json');
    writeFileSync(path, 'half of it');
    await boot({ history: path });
    await until(() => warnings.length === 1 && readFileSync(path, 'utf8').startsWith('{'));
    await boot({ history: join(dir, 'no such folder', 'boots.json') });
    await until(() => warnings.length === 2);
    expect(warnings.map(({ message }) => /could not be (\w+)/.exec(message)?.[1])).toEqual(['read', 'saved']);
  });

  test('that turns out to be a folder leaves no draft beside it', async () => {
    const warnings = collectWarnings();
    const path = join(dir, 'folder');
    mkdirSync(path);
    await boot({ history: path });
    await until(() => warnings.length === 2);
    expect(readdirSync(dir)).toEqual(['folder']);
  });
});

test('Errors: history is a path or a store, and needs a bootstrap', () => {
  const bootstrap = (): number => 1;
  for (const wrong of ['', 1, {}, { load() {} }, null]) {
    expect(() => createGate({ bootstrap, history: wrong as unknown as string })).toThrow(/option "history" must be/);
  }
  expect(() => createGate({ history: 'x' } as object)).toThrow(/option "history" needs a bootstrap/);
});

test('P1: without a history the report has no estimate', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  expect('estimate' in gate.report()).toBe(false);
});
