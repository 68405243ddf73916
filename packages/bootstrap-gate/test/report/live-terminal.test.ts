/** What a person sees in a terminal, which is an emulator here. */
import { type Boot, createGate, type Gate } from '../../src/index.js';
import { report } from './support/reporting.js';
import { FakeTerminal } from './support/terminal.js';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const takes = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A gate whose flight has begun, and is told in the terminal. */
function booting(terminal: FakeTerminal, bootstrap: (boot: Boot) => unknown, name = 'shop'): Gate {
  const gate = createGate({ name, bootstrap });
  report(gate, { stream: terminal, live: true });
  gate.ensureReady().catch(() => {});
  return gate;
}

test('running steps are shown in place, and only what has ended stays', async () => {
  const terminal = new FakeTerminal();
  const stock = createGate({ name: 'stock', bootstrap: () => takes(1_500) });
  booting(terminal, async (boot) => {
    await boot.step('config', () => takes(200));
    await Promise.all([
      boot.step('stock', () => stock.ensureReady()),
      boot.step('load', async ({ progress }) => {
        await takes(300);
        progress(0.4, '2 of 5');
        await takes(2_000);
      }),
    ]);
  });
  await jest.advanceTimersByTimeAsync(1_200);
  expect(await terminal.seen()).toEqual([
    '[shop] booting',
    '[shop] ✓ config 200 ms',
    '[shop] booting 1.20 s, 1 waiting',
    '  ▸ stock 1.00 s · waits for gate "stock" (1.00 s so far)',
    '  ▸ load 1.00 s · 40 % (2 of 5)',
  ]);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(await terminal.seen()).toEqual([
    '[shop] booting',
    '[shop] ✓ config 200 ms',
    '[shop] ✓ stock 1.50 s, 1.50 s of it waiting',
    '[shop] ✓ load 2.30 s',
    '[shop] ready · its bootstrap took 2.50 s',
  ]);
});

test('a terminal that becomes narrower keeps no remains of wider lines, and loses none above them', async () => {
  const terminal = new FakeTerminal({ columns: 60 });
  terminal.write('a line of the application\n');
  const gate = booting(terminal, (boot) =>
    Promise.all([
      boot.step('a step with a name that nearly fills the line', () => takes(10_000)),
      boot.step('another step with a name that fills it', () => takes(10_000)),
    ]),
  );
  await jest.advanceTimersByTimeAsync(1_000);
  for (const columns of [45, 26, 25, 20]) {
    terminal.resize(columns);
    await jest.advanceTimersByTimeAsync(100);
  }
  expect(await terminal.seen()).toEqual([
    'a line of the applic',
    'ation',
    '[shop] booting',
    '[shop] booting 1.4…',
    '  ▸ a step with a …',
    '  ▸ another step w…',
  ]);
  void gate.close();
});

test.each([1, 2, 0, undefined])('a terminal with %p columns does no harm', async (columns) => {
  const terminal = new FakeTerminal();
  const gate = booting(terminal, (boot) => boot.step('step', () => takes(1_000)));
  await jest.advanceTimersByTimeAsync(300);
  terminal.columns = columns;
  terminal.rows = columns;
  await jest.advanceTimersByTimeAsync(1_000);
  expect(gate.state).toBe('ready');
  expect(terminal.output).toContain('ready · its bootstrap took 1.00 s\n');
});

test('more steps than fit on the screen are counted', async () => {
  const terminal = new FakeTerminal({ rows: 6 });
  booting(terminal, (boot) =>
    Promise.all(Array.from({ length: 9 }, (_, index) => boot.step(`step ${index}`, () => takes(5_000)))),
  );
  await jest.advanceTimersByTimeAsync(1_000);
  expect(await terminal.seen()).toEqual([
    '[shop] booting',
    '[shop] booting 1.00 s, 1 waiting',
    '  ▸ step 0 1.00 s',
    '  ▸ step 1 1.00 s',
    '  ▸ step 2 1.00 s',
    '  and 6 more',
  ]);
});

test('names cannot move the cursor, colour the screen or ring the bell, and wide ones are cut where the line ends', async () => {
  const terminal = new FakeTerminal({ columns: 30 });
  const gate = booting(
    terminal,
    (boot) =>
      Promise.all([
        boot.step('\u001b[2J\u001b[31mred\u0007\u009b1A\r\n\u202eevil', () => takes(1_000)),
        boot.step('数据库迁移数据库迁移数据库迁移', () => takes(1_000)),
      ]),
    '\u001b]0;title\u0007shop',
  );
  await jest.advanceTimersByTimeAsync(300);
  const seen = await terminal.seen();
  expect(seen.slice(-2)).toEqual(['  ▸ [2J [31mred 1A evil 300 …', '  ▸ 数据库迁移数据库迁移数据…']);
  expect(terminal.output.replace(/\u001b\[(2K|1A|G|\?25[hl]|J|0J)/g, '')).not.toMatch(/[^\P{Cc}\n]/u);
  void gate.close();
});

test('when others write to the terminal, nothing of theirs is drawn over, and all lines stay until the flight is over', async () => {
  const terminal = new FakeTerminal();
  Object.defineProperty(terminal, 'bytesWritten', { get: () => Buffer.byteLength(terminal.output) });
  const gate = booting(terminal, async (boot) => {
    await boot.step('config', () => takes(500));
    terminal.write('the application says hello\n');
    await boot.step('db', () => takes(500));
  });
  await jest.advanceTimersByTimeAsync(2_000);
  const seen = (await terminal.seen()).filter((line) => !/booting \d/.test(line));
  expect(seen).toEqual([
    '[shop] booting',
    '[shop] ✓ config 500 ms',
    'the application says hello',
    '[shop] ▸ db',
    '[shop] ✓ db 500 ms',
    '[shop] ready · its bootstrap took 1.00 s',
  ]);
  await gate.reset();
  gate.ensureReady().catch(() => {});
  await jest.advanceTimersByTimeAsync(200);
  expect((await terminal.seen()).at(-1)).toBe('  ▸ config 200 ms');
  void gate.close();
});

test('a terminal with colours gets green and red marks', async () => {
  const terminal = Object.assign(new FakeTerminal(), { hasColors: () => true });
  booting(terminal, async (boot) => {
    await boot.step('a', () => 1);
    await boot.step('b', () => Promise.reject(new Error('no')), { optional: true });
  });
  await jest.advanceTimersByTimeAsync(100);
  expect(terminal.output).toContain('\u001b[32m✓\u001b[39m a');
  expect(terminal.output).toContain('\u001b[31m✗\u001b[39m b');
});

test.each([
  ['a TTY', {}, true],
  ['a TTY in CI', { CI: 'true' }, false],
  ['a dumb TTY', { TERM: 'dumb' }, false],
])('%s: lines in place: %p → %p', async (_name, environment, isLive) => {
  const before = { ...process.env };
  delete process.env.CI;
  Object.assign(process.env, { TERM: 'xterm', ...environment });
  const terminal = new FakeTerminal();
  const gate = createGate({ bootstrap: (boot) => boot.step('a', () => takes(300)) });
  report(gate, { stream: terminal });
  process.env = before;
  const ready = gate.ensureReady();
  await jest.advanceTimersByTimeAsync(400);
  await ready;
  expect(terminal.output.includes('\u001b[')).toBe(isLive);
});
