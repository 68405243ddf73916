/** What is said at the end of the process, in this process: its end is acted out. `last-word.test.ts` sees real ones. */
import type { Boot } from '../../src/index.js';
import { createGateWith } from '../../src/create-gate.js';
import { exitWarnings } from './exit-warnings.js';
import { ManualClock, settled } from '../manual-clock.js';
import { deferred, never, refusal } from '../support.js';

afterEach(settled); // an end that was acted out counts until the next turn

const said = 'BootstrapGateWarning GATE_UNFINISHED: The process ends before gate';

test('D8: a flight that is pending when the process has nothing left to do is named, with its steps', async () => {
  const clock = new ManualClock();
  const bootstrap = (boot: Boot): Promise<unknown> =>
    Promise.all(['load', 'warm'].map((name) => boot.step(name, never)));
  const gate = createGateWith({ name: 'pending', bootstrap }, clock);
  void gate.ensureReady();
  await clock.advance(2_500);
  const [text, ...others] = exitWarnings('pending', 'beforeExit', 'exit');
  expect(text).toContain(`${said} "pending" could open. The step "load" of gate "pending" has been pending for 2.5 s`);
  expect(text).toContain('that the gate knows of. The step "warm" of gate "pending" has been pending for 2.5 s');
  expect(others).toEqual([]);
});

test('D8: process.exit() in the middle is somebody’s decision, and nothing is said', () => {
  const gate = createGateWith({ name: 'exited', bootstrap: never }, new ManualClock());
  void gate.ensureReady();
  expect(exitWarnings('exited', 'exit')).toEqual([]);
});

test('D8: nor after another listener has found work to do at the end', async () => {
  const gate = createGateWith({ name: 'went on', bootstrap: never }, new ManualClock());
  void gate.ensureReady();
  expect(exitWarnings('went on', 'beforeExit')).toEqual([]);
  await settled();
  expect(exitWarnings('went on', 'exit')).toEqual([]);
});

test('D8: an exit code that nobody has set becomes 1', () => {
  const { exitCode } = process;
  const gate = createGateWith({ name: 'code', bootstrap: never }, new ManualClock());
  void gate.ensureReady();
  process.exitCode = undefined;
  process.emit('beforeExit', 0);
  process.emit('exit', 0);
  const set = process.exitCode;
  process.exitCode = exitCode;
  expect(set).toBe(1);
});

test.each([
  ['reset', 'reset'],
  ['close', 'closed'],
] as const)('D8: a %s whose rollback is pending is named, and forgotten when it has ended', async (method, done) => {
  const stopping = deferred();
  const name = `to be ${done}`;
  const bootstrap = { run: () => 1, stop: () => stopping.promise };
  const gate = createGateWith({ name, bootstrap }, new ManualClock());
  await gate.ensureReady();
  expect(exitWarnings(name, 'beforeExit', 'exit')).toEqual([]);
  const end = gate[method]();
  void gate[method](); // is the same one
  await settled();
  const text = `The stop of the bootstrap of gate "${name}" has been pending for 0.0 s`;
  expect(exitWarnings(name, 'beforeExit', 'exit')).toEqual([
    expect.stringContaining(`${said} "${name}" is ${done}. ${text}`),
  ]);
  stopping.resolve();
  await end;
  expect(exitWarnings(name, 'beforeExit', 'exit')).toEqual([]);
});

test('D8: a close whose bootstrap ignores its signal says that the bootstrap is pending', async () => {
  const clock = new ManualClock();
  const gate = createGateWith({ name: 'stubborn', bootstrap: never }, clock);
  const caller = refusal(gate.ensureReady());
  void gate.close();
  await caller;
  await clock.advance(1_000);
  const texts = exitWarnings('stubborn', 'beforeExit', 'exit');
  expect(texts).toHaveLength(1);
  expect(texts[0]).toContain(
    `${said} "stubborn" is closed. The bootstrap of gate "stubborn" has been pending for 1.0 s`,
  );
});
