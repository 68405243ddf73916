import '../small-heap/runner.js';
import { type Boot, createGate, type Gate, type GateError } from '../../src/index.js';
import { createGateWith } from '../../src/create-gate.js';
import { ManualClock, settled } from '../manual-clock.js';
import { collectWarnings, deferred, never, refusal, until, watch } from '../support.js';

afterEach(() => jest.restoreAllMocks());

/** The verdict as `a -> b` pairs. */
const cycleOf = ({ verdict }: GateError): string[] | undefined =>
  verdict?.cycle.map(({ owner, waitsFor }) => `${owner} -> ${waitsFor}`);

const ways: [string, (gate: Gate<unknown>, boot: Boot) => unknown][] = [
  ['ensureReady in the bootstrap', (gate) => gate.ensureReady()],
  ['ensureReady after other waits', async (gate) => void (await settled(), await gate.ensureReady())],
  ['ensureReady in a step', (gate, boot) => boot.step('load', () => gate.ensureReady())],
  [
    'ensureReady in a step in a step',
    (gate, boot) => boot.step('a', () => boot.step('b', async () => gate.ensureReady())),
  ],
  ['a wrapped function', (gate) => gate.wrap(() => 1)()],
  ['reset', (gate) => gate.reset()],
  ['close', (gate) => gate.close()],
];

test.each(ways)('D1: a bootstrap that awaits its own gate by %s is refused by name', async (_way, wait) => {
  const gate: Gate<unknown> = createGate({ name: 'shop', bootstrap: (boot: Boot) => attempt(boot) });
  const errors: GateError[] = [];
  const attempt = async (boot: Boot): Promise<void> => {
    errors.push(await refusal(Promise.resolve(wait(gate, boot))));
  };
  await gate.ensureReady().catch(() => {}); // reset and close deny it
  await until(() => errors.length > 0);
  expect(errors).toHaveLength(1);
  const [error] = errors;
  expect(error?.code).toBe('ERR_GATE_DEADLOCK');
  expect(error?.verdict?.certainty).toBe('certain');
  expect(error?.message).toContain('gate "shop"');
  expect(error?.message).toContain(error?.verdict?.advice);
  expect(error?.verdict?.advice).toContain('boot.detach');
});

test('D1: the verdict tells the whole cycle, since when, and where each wait began', async () => {
  const began = Date.now();
  const gate: Gate<unknown> = createGate({
    name: 'shop',
    bootstrap: async function boot(boot: Boot) {
      await boot.step('load', async function load() {
        await settled();
        await gate.ensureReady();
      });
    },
  });
  const error = await refusal(gate.ensureReady());
  expect(cycleOf(error)).toEqual([
    'bootstrap of gate "shop" -> step "load" of gate "shop"',
    'step "load" of gate "shop" -> gate "shop"',
  ]);
  const [outer, inner] = error.verdict?.cycle ?? [];
  expect(outer?.since).toBeGreaterThanOrEqual(began);
  expect(inner?.since).toBeGreaterThanOrEqual(outer?.since ?? Infinity);
  expect(outer?.at).toMatch(/self-wait\.cases\.cjs:\d+:\d+/);
  expect(inner?.at).toMatch(/self-wait\.cases\.cjs:\d+:\d+/);
  expect(outer?.at).not.toBe(inner?.at);
  expect(error.verdict?.advice).toBe(
    'Do not await gate "shop" in step "load" of gate "shop", which has to finish first. Pass it what it needs as a ' +
      'value, or start the work with boot.detach(), which the bootstrap does not wait for.',
  );
  expect(error.message).toMatch(/^The bootstrap of gate "shop" failed: A wait for gate "shop" can never end:\n/);
});

test('D1: the ERR_GATE_BOOTSTRAP_FAILED that a verdict caused carries it, also when user code wrapped the error', async () => {
  const gate: Gate<unknown> = createGate({
    bootstrap: async () => {
      try {
        await gate.ensureReady();
      } catch (cause) {
        throw new Error('could not load', { cause: new Error('because', { cause }) });
      }
    },
  });
  const error = await refusal(gate.ensureReady());
  expect(error.code).toBe('ERR_GATE_BOOTSTRAP_FAILED');
  expect(error.verdict?.certainty).toBe('certain');
  expect(gate.report().verdicts).toEqual([error.verdict]);
});

test('D2: what is left of a step that has ended waits on behalf of nobody', async () => {
  const mayAsk = deferred();
  const end = deferred();
  let left: Promise<unknown> = Promise.resolve();
  const bootstrap = async (boot: Boot): Promise<string> => {
    await boot.step('load', () => void (left = mayAsk.promise.then(() => gate.ensureReady())));
    await end.promise;
    return 'up';
  };
  const gate: Gate<unknown> = createGate({ bootstrap });
  const caller = gate.ensureReady();
  await settled();
  mayAsk.resolve();
  await settled();
  expect(gate.waiting).toBe(2);
  expect(gate.report().attempts[0]?.steps[0]?.waitsFor).toEqual([]);
  end.resolve();
  expect(await Promise.all([caller, left])).toEqual(['up', 'up']);
});

test('D1: an error that has itself as its cause is looked through and not for ever', async () => {
  const endless = new Error('endless');
  endless.cause = endless;
  const gate = createGate({ bootstrap: () => Promise.reject(endless) });
  const error = await refusal(gate.ensureReady());
  expect(error.verdict).toBeUndefined();
  expect('verdict' in error).toBe(false);
});

test('D1: of two gates that await each other only the closing wait is refused, with the cycle through both', async () => {
  const errors: GateError[] = [];
  const stock: Gate<string> = createGate({ name: 'stock', bootstrap: async () => waitFor(shop) });
  const shop: Gate<string> = createGate({
    name: 'shop',
    bootstrap: async (boot) => boot.step('s', () => stock.ensureReady()),
  });
  const waitFor = async (gate: Gate<string>): Promise<string> => {
    errors.push(await refusal(gate.ensureReady()));
    return 'without it';
  };
  expect(await Promise.all([shop.ensureReady(), stock.ensureReady()])).toEqual(['without it', 'without it']);
  expect(errors).toHaveLength(1);
  expect(errors.flatMap(cycleOf)).toEqual([
    'bootstrap of gate "shop" -> step "s" of gate "shop"',
    'step "s" of gate "shop" -> gate "stock"',
    'bootstrap of gate "stock" -> gate "shop"',
  ]);
});

test('D1: a wait for its own gate is refused also behind the pilot of another gate', async () => {
  const lazy = createGate({ name: 'lazy' });
  const api: Gate<unknown> = createGate({ name: 'api', bootstrap: () => throughLazy() });
  const throughLazy = lazy.wrap(() => api.ensureReady());
  const { verdict } = await refusal(api.ensureReady());
  expect(verdict?.cycle).toEqual([
    expect.objectContaining({ owner: 'bootstrap of gate "api"', waitsFor: 'gate "api"' }),
  ]);
});

test('D1: with deadlock "warn" the wait is a warning and a verdict in the report, and goes on', async () => {
  const warnings = collectWarnings();
  const bootstrap = (): Promise<unknown> => gate.ensureReady();
  const gate: Gate<unknown> = createGate({ name: 'shop', deadlock: 'warn', stallAfterMs: Infinity, bootstrap });
  const caller = watch(gate.ensureReady());
  await until(() => warnings.length > 0);
  expect(caller.state).toBe('pending');
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_DEADLOCK']);
  expect(warnings[0]?.message).toContain('gate "shop"');
  expect(gate.report().verdicts).toHaveLength(1);
});

test('D1: with deadlock "off" the wait is left alone', async () => {
  const warnings = collectWarnings();
  const clock = new ManualClock();
  const gate = createGateWith(
    { deadlock: 'off', bootTimeoutMs: 100, bootstrap: () => (gate as Gate<unknown>).ensureReady() },
    clock,
  ) as Gate<unknown>;
  const caller = refusal(gate.ensureReady());
  await clock.advance(100);
  expect((await caller).code).toBe('ERR_GATE_BOOTSTRAP_TIMEOUT');
  await settled();
  expect(gate.report().verdicts).toEqual([]);
  expect(warnings).toEqual([]);
});

test('D2: concurrent callers and one gate that awaits another are not accused', async () => {
  const boot = deferred<string>();
  const config = createGate({ name: 'config', bootstrap: () => boot.promise });
  const a = createGate({ name: 'a', bootstrap: () => config.ensureReady() });
  const b = createGate({ name: 'b', bootstrap: (boot) => boot.step('config', () => config.ensureReady()) });
  const callers = [a, b, config, a, b].map((gate) => gate.ensureReady());
  await settled();
  boot.resolve('up');
  expect(await Promise.all(callers)).toEqual(['up', 'up', 'up', 'up', 'up']);
});

test('D2: a bootstrap may wait for a gate that waits for its first request', async () => {
  const lazy = createGate({ name: 'lazy' });
  const gate = createGate({ name: 'api', bootstrap: async () => (await lazy.ensureReady(), 'up') });
  const caller = gate.ensureReady();
  await settled();
  expect(lazy.waiting).toBe(1);
  await lazy.wrap(() => 1)();
  expect(await caller).toBe('up');
});

test('D2: an edge vanishes when its wait settles', async () => {
  const clock = new ManualClock();
  const other = createGateWith({ name: 'other', bootstrap: () => main.ensureReady() }, clock) as Gate<unknown>;
  const main = createGateWith(
    {
      name: 'main',
      bootstrap: async () => {
        await refusal(stuck.ensureReady({ timeoutMs: 10 }));
        return 'up';
      },
    },
    clock,
  );
  const stuck = createGateWith({ name: 'never', bootstrap: never }, clock);
  const both = [main.ensureReady(), other.ensureReady()];
  await clock.advance(10);
  expect(await Promise.all(both)).toEqual(['up', 'up']);
});

test('D2: what is left of a failed flight may wait for the next one', async () => {
  const failed = deferred();
  let left: Promise<unknown> = Promise.resolve();
  let flights = 0;
  const gate: Gate<unknown> = createGate({
    cooldownMs: 0,
    bootstrap: () => {
      if (++flights > 1) return 'up';
      left = failed.promise.then(() => gate.ensureReady());
      throw new Error('no');
    },
  });
  await refusal(gate.ensureReady());
  await settled();
  failed.resolve();
  expect(await left).toBe('up');
});

test.each(['reset', 'close'] as const)('D2: %s() in a bootstrap that nobody awaits is no wait', async (method) => {
  const warnings = collectWarnings();
  const gate: Gate<unknown> = createGate({ bootstrap: () => void gate[method]() });
  await refusal(gate.ensureReady());
  await gate[method]();
  expect(warnings).toEqual([]);
  expect(gate.report().verdicts).toEqual([]);
});

test.each(['reset', 'close'] as const)(
  'D1: the end of %s() in a bootstrap can be awaited later, elsewhere',
  async (method) => {
    const ends: Promise<void>[] = [];
    const gate: Gate<unknown> = createGate({ bootstrap: () => void ends.push(gate[method]()) });
    await refusal(gate.ensureReady());
    await Promise.all(ends);
    expect(ends).toHaveLength(1);
    expect(gate.report().verdicts).toEqual([]);
  },
);

test.each(['close', 'reset', 'ensureReady'] as const)(
  'D1: %s() that a stop awaits is refused, and the rollback goes on',
  async (method) => {
    const warnings = collectWarnings();
    const last = jest.fn();
    const gate: Gate<unknown> = createGate({
      bootstrap: {
        run: (boot) => boot.step('a', () => 1, { stop: last }),
        stop: () => gate[method](),
      },
    });
    await gate.ensureReady();
    await gate.reset();
    expect(last).toHaveBeenCalledTimes(1);
    const [warning] = warnings;
    expect(warning?.code).toBe('GATE_STOP_FAILED');
    expect(warning?.cause).toMatchObject({ code: expect.stringMatching(/^ERR_GATE_(DEADLOCK|CLOSED)$/) });
  },
);

test('D1: a pilot that a reset dismissed, and that ends later, leaves it known on whose behalf others run', async () => {
  for (let n = 0; n < 10; n++) {
    const lazy = createGate();
    const pilot = deferred();
    const call = lazy.wrap(() => pilot.promise)();
    await lazy.reset();
    pilot.resolve();
    await call;
  }
  const gate: Gate<unknown> = createGate({ bootstrap: () => gate.ensureReady() });
  expect((await refusal(gate.ensureReady())).verdict?.certainty).toBe('certain');
});
