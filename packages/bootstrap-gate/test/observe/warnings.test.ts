import { type Boot, createGate } from '../../src/index.js';
import { createGateWith } from '../../src/create-gate.js';
import { clockForAll, ManualClock, settled } from '../manual-clock.js';
import { collectWarnings, deferred, never, rejection } from '../support.js';

afterEach(() => jest.restoreAllMocks());

const cause = new Error('the reason');
const fail = (): never => {
  throw cause;
};

/** One way to bring about each kind of warning; `caused` says whether the reason travels with it. */
const kinds: [code: string, caused: boolean, bringAbout: (clock: ManualClock) => unknown][] = [
  ['GATE_FLIGHT_FAILED', true, (clock) => createGateWith({ name: 'api', bootstrap: fail, eager: true }, clock)],
  [
    'GATE_STALLED',
    false,
    async (clock) => {
      createGateWith({ name: 'api', bootstrap: never, eager: true, stallAfterMs: 100 }, clock);
      await clock.advance(100);
    },
  ],
  [
    'GATE_PILOT_TIMEOUT',
    false,
    async (clock) => {
      void createGateWith({ name: 'api', pilotTimeoutMs: 100 }, clock).wrap(never)();
      await clock.advance(100);
    },
  ],
  [
    'GATE_STOP_FAILED',
    true,
    async (clock) => {
      const gate = createGateWith({ name: 'api', bootstrap: { run: () => 1, stop: fail } }, clock);
      await gate.ensureReady();
      await gate.close();
    },
  ],
  [
    'GATE_DETACHED_FAILED',
    true,
    (clock) => createGateWith({ name: 'api', bootstrap: (boot) => boot.detach(fail) }, clock).ensureReady(),
  ],
  [
    'GATE_CALLBACK_FAILED',
    true,
    (clock) => {
      const gate = createGateWith({ name: 'api', bootstrap: () => 1 }, clock);
      const unsubscribe = gate.onChange(() => {
        unsubscribe();
        fail();
      });
      return gate.ensureReady();
    },
  ],
];

test.each(kinds)(
  '%s is one process warning with its code, the gate and its cause',
  async (code, caused, bringAbout) => {
    const warnings = collectWarnings();
    await bringAbout(new ManualClock());
    await settled();
    expect(warnings).toEqual([
      {
        name: 'BootstrapGateWarning',
        code,
        message: expect.stringContaining('api'),
        cause: caused ? cause : undefined,
      },
    ]);
  },
);

test('GATE_DETACHED_FAILED: detached work that throws or rejects does not fail the flight', async () => {
  const warnings = collectWarnings();
  const gate = createGate({
    bootstrap: (boot: Boot) => {
      boot.detach(fail);
      boot.detach(async () => fail());
      boot.detach(() => ({ then: (_: unknown, no: (error: unknown) => void) => no(cause) }));
      return 'value';
    },
  });
  expect(await gate.ensureReady()).toBe('value');
  await settled();
  expect(warnings.map((warning) => [warning.code, warning.cause])).toEqual(
    Array.from({ length: 3 }, () => ['GATE_DETACHED_FAILED', cause]),
  );
  expect(warnings[0]?.message).toBe('Detached work of gate "bootstrap" failed: the reason');
});

test('D6: GATE_STALLED names each pending step once, since when, where it was started and what it waits for', async () => {
  const warnings = collectWarnings();
  const clock = clockForAll();
  const config = deferred();
  const stock = createGateWith({ name: 'stock', bootstrap: never, stallAfterMs: Infinity }, clock);
  const bootstrap = async (boot: Boot): Promise<void> => {
    await boot.step('config', () => config.promise);
    await Promise.all([boot.step('load', () => stock.ensureReady()), boot.step('warm', never)]);
  };
  void createGateWith({ name: 'shop', bootstrap, stallAfterMs: 1_000 }, clock).ensureReady();
  await clock.advance(500);
  config.resolve();
  await settled();
  expect(warnings).toEqual([]);
  await clock.advance(500);
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_STALLED', 'GATE_STALLED']);
  const [load, warm] = warnings.map(({ message }) => message);
  expect(load).toMatch(/step "load" of gate "shop".*0\.5 s.*warnings\.test\.ts:\d+.*gate "stock"/s);
  expect(load).toMatch(/; it waits for gate "stock" since 0\.5 s \(at .*warnings\.test\.ts:\d+:\d+\)?\)\.$/);
  expect(warm).toMatch(/step "warm" of gate "shop".*0\.5 s.*warnings\.test\.ts:\d+/s);
  await clock.advance(60_000);
  expect(warnings).toHaveLength(2);
});

test('D6: GATE_STALLED tells later of a step that was started after the first warning', async () => {
  const warnings = collectWarnings();
  const clock = new ManualClock();
  const first = deferred();
  const bootstrap = async (boot: Boot): Promise<void> => {
    await boot.step('first', () => first.promise);
    await boot.step('second', never);
  };
  void createGateWith({ bootstrap, stallAfterMs: 1_000 }, clock).ensureReady();
  await clock.advance(1_000);
  first.resolve();
  await settled();
  await clock.advance(10_000);
  expect(warnings.map(({ message }) => /step "(\w+)"/.exec(message)?.[1])).toEqual(['first', 'second']);
});

test('D6: GATE_STALLED names the stop that holds up the next attempt, once, and what it waits for', async () => {
  const warnings = collectWarnings();
  const clock = clockForAll();
  const stock = createGateWith({ name: 'stock', bootstrap: never, stallAfterMs: Infinity }, clock);
  const bootstrap = async (boot: Boot): Promise<void> => {
    await boot.step('load', () => 1, { stop: () => stock.ensureReady() });
    fail();
  };
  const options = { name: 'shop', bootstrap, retry: { attempts: 2, delayMs: 0 }, stallAfterMs: 1_000 };
  void createGateWith(options, clock).ensureReady();
  await settled();
  await clock.advance(1_000);
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_STALLED']);
  expect(warnings[0]?.message).toMatch(
    /^The stop of step "load" of gate "shop" has been pending for 1\.0 s; it waits for gate "stock" since 1\.0 s \(at .*warnings\.test\.ts:\d+/,
  );
  await clock.advance(60_000);
  expect(warnings).toHaveLength(1);
});

test.each(['reset', 'close', 'a failure'] as const)(
  'D6: GATE_STALLED names the stop that hangs after %s, once',
  async (end) => {
    const warnings = collectWarnings();
    const clock = new ManualClock();
    const stopped = deferred();
    const bootstrap = async (boot: Boot): Promise<void> => {
      await boot.step('load', () => 1, { stop: () => stopped.promise });
      if (end === 'a failure') fail();
    };
    const gate = createGateWith({ name: 'shop', bootstrap, stallAfterMs: 1_000 }, clock);
    await gate.ensureReady().catch(() => {});
    await settled();
    await clock.advance(5_000); // a gate that is open is not stalled
    if (end !== 'a failure') void gate[end]();
    await settled();
    await clock.advance(5_000);
    expect(warnings.map(({ code }) => code)).toEqual(['GATE_STALLED']);
    expect(warnings[0]?.message).toMatch(/^The stop of step "load" of gate "shop" has been pending for 1\.0 s/);
    stopped.resolve();
    await settled();
    expect(clock.timers).toBe(0);
  },
);

test('D6: GATE_STALLED tells of a step once, also when it outlives its flight and holds up the rollback', async () => {
  const warnings = collectWarnings();
  const clock = new ManualClock();
  const broken = deferred();
  const bootstrap = (boot: Boot): Promise<unknown> => Promise.all([boot.step('deaf', never), broken.promise]);
  const failed = rejection(createGateWith({ name: 'shop', bootstrap, stallAfterMs: 1_000 }, clock).ensureReady());
  await clock.advance(1_000);
  broken.reject(cause);
  await failed;
  await settled();
  await clock.advance(60_000);
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_STALLED']);
});

test('D6: GATE_STALLED names a step of the next attempt, after the rollback of the first one', async () => {
  const warnings = collectWarnings();
  const clock = new ManualClock();
  const bootstrap = (boot: Boot): Promise<unknown> =>
    boot.step(`try ${boot.attempt}`, boot.attempt === 1 ? fail : never);
  const options = { bootstrap, retry: { attempts: 2, delayMs: 0 }, stallAfterMs: 1_000 };
  void createGateWith(options, clock).ensureReady();
  await settled();
  await clock.advance(1_000);
  expect(warnings.map(({ message }) => /step "(.*?)"/.exec(message)?.[1])).toEqual(['try 2']);
});

test('D6: GATE_STALLED: a flight that ended in time, and one that was reset, are not reported', async () => {
  const warnings = collectWarnings();
  const clock = new ManualClock();
  const gate = createGateWith({ bootstrap: ({ attempt }: Boot) => attempt, stallAfterMs: 100 }, clock);
  await gate.ensureReady();
  const slow = createGateWith({ bootstrap: never, stallAfterMs: 100 }, clock);
  void rejection(slow.ensureReady());
  void slow.reset();
  await clock.advance(10_000);
  expect(warnings).toEqual([]);
  expect(clock.timers).toBe(0);
});
