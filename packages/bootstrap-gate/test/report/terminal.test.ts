import { channel } from 'node:diagnostics_channel';
import { type Boot, createGate, type Gate, type BootstrapOptions, type StepContext } from '../../src/index.js';
import { reportToTerminal } from '../../src/report/index.js';
import { settled } from '../manual-clock.js';
import { type Deferred, deferred } from '../support.js';
import { coreOf } from '../../src/gate/registry.js';
import { report } from './support/reporting.js';
import { FakeTerminal } from './support/terminal.js';

let log: FakeTerminal;
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  log = new FakeTerminal({ isTTY: false });
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const takes = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function reported<T>(options: BootstrapOptions<T>): Gate<T> {
  const gate = createGate({ name: 'shop', ...options });
  report(gate, { stream: log });
  return gate;
}

/** Boots while the time passes. */
async function boot(gate: Gate<unknown>, ms = 60_000): Promise<void> {
  const done = gate.ensureReady().catch(() => {});
  await jest.advanceTimersByTimeAsync(ms);
  await done;
}

test('without a TTY each begin and each end of a step is a line that stays', async () => {
  const gate = reported({
    bootstrap: async (boot) => {
      await boot.step('config', () => takes(120));
      await boot.step('mail', () => takes(30).then(() => Promise.reject(new Error('no\nroute'))), { optional: true });
      await boot.step('db', () => takes(2_000));
    },
  });
  await boot(gate);
  expect(log.lines).toEqual([
    '[shop] booting',
    '[shop] ▸ config',
    '[shop] ✓ config 120 ms',
    '[shop] ▸ mail',
    '[shop] ✗ mail 30 ms · failed: no route',
    '[shop] ▸ db',
    '[shop] ✓ db 2.00 s',
    '[shop] ready · its bootstrap took 2.15 s',
  ]);
});

test('the begin of a step is written before the step blocks the process', async () => {
  let atBegin = '';
  const gate = reported({ bootstrap: (boot) => boot.step('blocks', () => void (atBegin = log.output)) });
  await boot(gate);
  expect(atBegin).toContain('▸ blocks\n');
});

test('attempts, and the failure of the last one, are told with their errors', async () => {
  const gate = reported({
    retry: { attempts: 2, delayMs: 500 },
    bootstrap: (boot) => boot.step('db', () => takes(10).then(() => Promise.reject(new Error(`no ${boot.attempt}`)))),
  });
  await boot(gate);
  expect(log.lines.map((line) => line.replace(/\d{3} ms/, '… ms'))).toEqual([
    '[shop] booting',
    '[shop] ▸ db',
    '[shop] ✗ db 10 ms · failed: no 1',
    '[shop] ✗ attempt 1 failed after 10 ms: no 1',
    '[shop] ▸ attempt 2',
    '[shop] ▸ db',
    '[shop] ✗ db 10 ms · failed: no 2',
    '[shop] failed · its bootstrap failed after … ms, in 2 attempts: no 2',
  ]);
});

test('a step that hangs is told again and again, with what it waits for, ever more seldom', async () => {
  const stock = createGate({ name: 'stock', bootstrap: () => takes(1_000_000) });
  const gate = reported({
    bootstrap: (boot) =>
      Promise.all([boot.step('stock', () => stock.ensureReady()), boot.step('hangs', () => takes(90_000))]),
  });
  const ready = gate.ensureReady();
  await jest.advanceTimersByTimeAsync(85_000);
  const still = log.lines.filter((line) => line.includes('…')).map((line) => line.replace(/ \(started at .*\)/, ''));
  expect(still).toEqual([
    '[shop] … stock, after 10.00 s, waits for gate "stock" (10.00 s so far)',
    '[shop] … hangs, after 10.00 s, waits for nothing that the gate knows of',
    '[shop] … stock, after 20.00 s, waits for gate "stock" (20.00 s so far)',
    '[shop] … hangs, after 20.00 s, waits for nothing that the gate knows of',
    '[shop] … stock, after 40.00 s, waits for gate "stock" (40.00 s so far)',
    '[shop] … hangs, after 40.00 s, waits for nothing that the gate knows of',
    '[shop] … stock, after 1 min 20 s, waits for gate "stock" (1 min 20 s so far)',
    '[shop] … hangs, after 1 min 20 s, waits for nothing that the gate knows of',
  ]);
  expect(log.output).toMatch(/… hangs, .* \(started at .*terminal\.test\.ts:\d+:\d+\)/);
  ready.catch(() => {});
  void gate.close();
});

test('a bootstrap that hangs outside of its steps is told, too', async () => {
  const gate = reported({ bootstrap: (boot) => boot.step('config', () => 1).then(() => takes(30_000)) });
  await boot(gate);
  expect(log.lines.filter((line) => line.includes('…'))).toEqual([
    '[shop] … in no step, after 10.00 s',
    '[shop] … in no step, after 20.00 s',
  ]);
});

test('that no step runs for a moment, or any more, is not told', async () => {
  // The first step shifts the looks: they are half a second away from the tenth second.
  const gate = reported({
    retry: { attempts: 2, delayMs: 1 },
    bootstrap: async (boot) => {
      await boot.step('first', () => takes(500));
      if (boot.attempt === 1) await takes(9_600).then(() => Promise.reject(new Error('no')));
      await boot.step('second', () => takes(9_600));
      await boot.step('third', () => takes(100));
    },
  });
  await boot(gate);
  expect(gate.ready).toBe(true);
  expect(log.lines.filter((line) => line.includes('no step'))).toEqual([]);
});

test('one who comes late is not told what hung in an earlier attempt', async () => {
  const bootstrap = ({ attempt }: Boot) =>
    attempt === 1 ? takes(25_000).then(() => Promise.reject(new Error('no'))) : takes(5_000);
  const gate = createGate({ name: 'shop', retry: { attempts: 2 }, bootstrap });
  const ready = gate.ensureReady();
  await jest.advanceTimersByTimeAsync(27_000);
  report(gate, { stream: log });
  expect(log.lines).toEqual(['[shop] ✗ attempt 1 failed after 25.00 s: no', '[shop] ▸ attempt 2']);
  await jest.advanceTimersByTimeAsync(5_000);
  await ready;
});

test('it goes on through a reset and a failed flight, and ends with the gate', async () => {
  let round = 0;
  const gate = reported({
    cooldownMs: 0,
    bootstrap: (boot) => boot.step('db', () => (++round === 2 ? Promise.reject(new Error('no')) : round)),
  });
  await boot(gate);
  await gate.reset();
  await boot(gate);
  await settled();
  await boot(gate);
  gate.drain();
  await gate.close();
  expect(log.lines.map((line) => line.replace(/\d ms/, '… ms'))).toEqual([
    '[shop] booting',
    '[shop] ▸ db',
    '[shop] ✓ db … ms',
    '[shop] ready · its bootstrap took … ms',
    '[shop] being reset',
    '[shop] idle',
    '[shop] booting',
    '[shop] ▸ db',
    '[shop] ✗ db … ms · failed: no',
    '[shop] failed · its bootstrap failed after … ms: no',
    '[shop] booting',
    '[shop] ▸ db',
    '[shop] ✓ db … ms',
    '[shop] ready · its bootstrap took … ms',
    '[shop] draining',
    '[shop] closed',
  ]);
  expect(jest.getTimerCount()).toBe(0);
});

test('a reset, and the close, in the middle of a flight name what was given up', async () => {
  const untilAborted = ({ signal }: Boot): Promise<never> =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const gate = reported({ bootstrap: (boot) => boot.step('db', () => untilAborted(boot)) });
  gate.ensureReady().catch(() => {});
  await gate.reset();
  gate.ensureReady().catch(() => {});
  await gate.close();
  expect(log.lines.map((line) => line.replace(/\d ms/, '… ms'))).toEqual([
    '[shop] booting',
    '[shop] ▸ db',
    '[shop] being reset',
    '[shop] – db … ms · aborted',
    '[shop] idle',
    '[shop] booting',
    '[shop] ▸ db',
    '[shop] closed',
  ]);
});

test('a flight that a listener starts is told, although its steps begin before it is known to boot', async () => {
  const gate = createGate({ name: 'shop', bootstrap: (boot) => boot.step('db', () => 1) });
  gate.onChange((state) => {
    if (state === 'idle') void gate.ensureReady();
  });
  report(gate, { stream: log });
  await gate.ensureReady();
  await gate.reset();
  await gate.ensureReady();
  expect(log.lines.filter((line) => line.includes('db')).map((line) => line.replace(/\d ms/, '… ms'))).toEqual([
    '[shop] ▸ db',
    '[shop] ✓ db … ms',
    '[shop] ▸ db',
    '[shop] ✓ db … ms',
  ]);
});

test('progress, and the steps of gates with other names, do not make it look', async () => {
  const load = ({ progress }: StepContext) =>
    takes(300)
      .then(() => progress(0.5))
      .then(() => takes(200));
  const gate = reported({ bootstrap: (boot) => boot.step('load', load) });
  const other = createGate({ name: 'other', bootstrap: (boot) => boot.step('db', () => 1) });
  const ready = gate.ensureReady();
  const looks = jest.spyOn(coreOf('the test', gate), 'report');
  await other.ensureReady();
  await jest.advanceTimersByTimeAsync(400);
  expect(looks).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(100);
  await ready;
  expect(looks).toHaveBeenCalled();
});

test('very many steps are all told, and reports are not made for each of them', async () => {
  const names = Array.from({ length: 500 }, (_, index) => `step ${index}`);
  const gate = reported({ bootstrap: (boot) => Promise.all(names.map((name) => boot.step(name, () => takes(1_500)))) });
  const looks = jest.spyOn(coreOf('the test', gate), 'report');
  await boot(gate);
  for (const mark of ['▸', '✓']) {
    const told = log.lines.filter((line) => line.startsWith(`[shop] ${mark}`));
    expect(told.map((line) => line.replace(/^.*?(step \d+).*$/, '$1'))).toEqual(names);
  }
  expect(looks.mock.calls.length).toBeLessThan(150);
});

test('in first-request mode the changes of state are told', async () => {
  const gate = createGate({ name: 'shop' });
  report(gate, { stream: log });
  await gate.wrap(() => 1)();
  expect(log.lines).toEqual(['[shop] booting', '[shop] ready']);
});

test('one who comes in the middle hears what has begun, one who comes later nothing of the past', async () => {
  const loaded = deferred();
  const gate = createGate({ name: 'shop', bootstrap: (boot) => boot.step('db', () => loaded.promise) });
  const ready = gate.ensureReady();
  report(gate, { stream: log });
  expect(log.lines).toEqual(['[shop] ▸ db']);
  loaded.resolve();
  await ready;
  const late = new FakeTerminal({ isTTY: false });
  report(gate, { stream: late });
  gate.drain();
  expect(late.lines).toEqual(['[shop] draining']);
});

test('steps of another gate with the same name are not told', async () => {
  reported({ bootstrap: () => 1 });
  const twin = createGate({ name: 'shop', bootstrap: (boot) => boot.step('of the twin', () => 1) });
  await twin.ensureReady();
  expect(log.output).toBe('');
});

describe('without a stream', () => {
  /** What a boot writes to the standard error in such an environment. */
  async function written(env: NodeJS.ProcessEnv): Promise<unknown[]> {
    jest.replaceProperty(process, 'env', env);
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const gate = createGate({ bootstrap: (boot) => boot.step('db', () => 1) });
    const end = reportToTerminal(gate, { live: false });
    await gate.ensureReady();
    end();
    return stderr.mock.calls.map(([text]) => text).filter(Boolean);
  }

  afterEach(() => jest.restoreAllMocks());

  test.each([{ NODE_ENV: 'test' }, { JEST_WORKER_ID: '1' }, { VITEST: 'true' }, { NODE_TEST_CONTEXT: 'child-v8' }])(
    'it is silent in tests: %j',
    async (env) => {
      expect(await written(env)).toEqual([]);
    },
  );

  test('it writes to the standard error elsewhere', async () => {
    expect(await written({ NODE_ENV: 'production' })).toContain('[bootstrap] booting\n');
  });
});

test('the returned function ends it, also twice, and leaves nothing behind', async () => {
  const gate = createGate({ bootstrap: (boot) => boot.step('db', () => takes(100)) });
  const end = report(gate, { stream: log });
  const ready = gate.ensureReady();
  await jest.advanceTimersByTimeAsync(50);
  end();
  end();
  const { output } = log;
  await jest.advanceTimersByTimeAsync(50);
  await ready;
  await settled();
  expect(log.output).toBe(output);
  expect(log.listenerCount('error')).toBe(0);
  expect(channel('bootstrap-gate.step').hasSubscribers).toBe(false);
  expect(jest.getTimerCount()).toBe(0);
});

test('ended by another listener of the same change, it does not tell that change any more', async () => {
  const gate = createGate({ name: 'shop', bootstrap: () => 1 });
  gate.onChange((state) => {
    if (state === 'ready') end();
  });
  const end = report(gate, { stream: log });
  await gate.ensureReady();
  expect(log.lines).toEqual(['[shop] booting']);
});

describe('what goes wrong with the stream harms neither the gate nor the process', () => {
  let uncaught: unknown[];
  const note = (error: unknown): void => void uncaught.push(error);
  let stepped: Deferred<void>;
  beforeEach(() => {
    uncaught = [];
    stepped = deferred();
    process.on('uncaughtException', note);
  });
  afterEach(() => process.off('uncaughtException', note));

  async function bootWith(stream: FakeTerminal, live = false): Promise<void> {
    const gate = createGate({ bootstrap: (boot) => boot.step('db', () => stepped.promise) });
    report(gate, { stream, live });
    const ready = gate.ensureReady();
    stepped.resolve();
    await ready;
    await gate.close();
    await settled();
    expect(uncaught).toEqual([]);
  }

  test('a write that throws', async () => {
    log.write = () => {
      throw new Error('broken');
    };
    await bootWith(log);
  });

  test('a live terminal that throws in the middle', async () => {
    const terminal = new FakeTerminal();
    const { write } = terminal;
    let calls = 0;
    terminal.write = ((text: string) => {
      if (++calls > 3) throw new Error('broken');
      return write.call(terminal, text, 'utf8');
    }) as typeof write;
    await bootWith(terminal, true);
    expect(calls).toBeGreaterThan(3);
  });

  test('a write that fails later, as that of a pipe that nobody reads', async () => {
    let calls = 0;
    log._write = (_chunk, _encoding, done: (error?: Error) => void) => {
      calls++;
      setImmediate(() => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })));
    };
    await bootWith(log);
    expect(calls).toBe(1);
  });

  test('a stream that has ended', async () => {
    log.end();
    await bootWith(log);
    expect(log.output).toBe('');
  });

  test('a live terminal that is torn down', async () => {
    const terminal = new FakeTerminal();
    terminal.destroy();
    await bootWith(terminal, true);
  });
});
