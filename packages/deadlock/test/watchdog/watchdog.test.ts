import * as childProcess from 'node:child_process';
import { run } from '../explain/program.js';
import { program } from '../programs/run.js';
import { type BlockedLoop, startWatchdog } from '../../src/index.js';
import { LIMIT, NOTE, threadSource } from '../../src/watchdog/thread.js';

const blockedLoop = program('blocked-loop');

const block = (body: string): string =>
  run(`lib.startWatchdog({ afterMs: 300, onBlocked: (b) => { print(b); process.exit(); } });
${body}`).stderr;

test('D13: an endless loop is named with its stack while it runs', () => {
  const stderr = block(`function parse() { const end = Date.now() + 3_000; while (Date.now() < end); }
setTimeout(parse, 300); setTimeout(() => {}, 5_000);`);
  expect(stderr).toMatch(/\[GATE_LOOP_BLOCKED\] BootstrapGateWarning: The event loop has been blocked for \d\.\d s/);
  expect(stderr).toMatch(/at parse \(.*app\.cjs:3:\d+\)/);
});

test('D13: Atomics.wait is named with its stack', () => {
  const stderr =
    block(`function waitForWorker() { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000); }
setTimeout(waitForWorker, 300); setTimeout(() => {}, 5_000);`);
  expect(stderr).toMatch(/at waitForWorker \(.*app\.cjs:3:\d+\)/);
});

const callSync = `function load() { childProcess.execFileSync(process.execPath, ['-e', 'setTimeout(() => {}, 2_000)']); }
setTimeout(load, 300); setTimeout(() => {}, 5_000);`;

test('D13: a synchronous child process is named with the stack of its caller', () => {
  const stderr = run(`const childProcess = require('node:child_process');
lib.startWatchdog({ afterMs: 300, onBlocked: () => process.exit() });
${callSync}`).stderr;
  expect(stderr).toMatch(/at execFileSync \(node:child_process\)/);
  expect(stderr).toMatch(/load .*app\.cjs:4:\d+\)/);
});

test('D13: also where the program loads child_process later', async () => {
  const { stderr } = await blockedLoop.run('late child');
  expect(stderr).toMatch(/at execFileSync \(node:child_process\)/);
});

test('D13: where the program took the function off before, the child process is named', () => {
  const stderr = run(`const { execFileSync } = require('node:child_process');
const childProcess = { execFileSync };
lib.startWatchdog({ afterMs: 300, onBlocked: () => process.exit() });
${callSync}`).stderr;
  expect(stderr).toMatch(/it has a child process: \d+ \(.*node -e setTimeout/);
});

test('D13: the caller gets what was told, as data, when the loop runs again', () => {
  const { printed } = run<{
    stack: string[];
    blockedMs: number;
  }>(`lib.startWatchdog({ afterMs: 300, onBlocked: (b) => { print(b); process.exit(); } });
function parse() { const end = Date.now() + 3_000; while (Date.now() < end); }
setTimeout(parse, 300); setTimeout(() => {}, 10_000);`);
  expect(printed.blockedMs).toBeGreaterThanOrEqual(300);
  expect(printed.stack.join('\n')).toMatch(/parse \(/);
});

test('D13: what was told is heard at the stop, where the loop has not turned since, with how long it was in all', async () => {
  const { stdout } = await blockedLoop.run('loop');
  const { stack, blockedMs } = JSON.parse(stdout) as BlockedLoop;
  expect(stack[0]).toMatch(/^parse/);
  expect(blockedMs).toBeGreaterThanOrEqual(1_000);
});

test('D13: several watch by one thread; who has stopped hears nothing', async () => {
  const { stdout, stderr } = await blockedLoop.run('several');
  expect(stdout).not.toContain('first');
  expect(stderr.match(/GATE_LOOP_BLOCKED/g)).toHaveLength(1);
});

/** The thread's program with a clock that is moved by hand, a main thread that never beats, and a note in place of a stack. */
function thread(limitMs: number) {
  const numbers = new Int32Array(4);
  numbers[NOTE] = 1;
  numbers[LIMIT] = limitMs;
  const told: unknown[] = [];
  const port = { postMessage: (message: unknown) => told.push(message) };
  const modules: Record<string, unknown> = {
    'node:worker_threads': { workerData: { numbers, note: new Uint8Array([120]), port, pid: 0 } },
    'node:fs': { writeSync: () => undefined, readFileSync: () => '' },
  };
  let now = 0;
  let look = (): void => {};
  const parameters = ['require', 'performance', 'setInterval', threadSource];
  const run = Reflect.construct(Function, parameters) as (...given: unknown[]) => void;
  run(
    (name: string) => modules[name],
    { now: () => now },
    (callback: () => void) => (look = callback),
  );
  const lookAfter = (ms: number): void => {
    now += ms;
    look();
  };
  return { told, lookAfter };
}

test('D13: time in which the whole process was stopped, or the machine slept, does not count', () => {
  const { told, lookAfter } = thread(1_000);
  for (let n = 0; n < 5; n++) lookAfter(100);
  lookAfter(3_600_000);
  expect(told).toEqual([]);
  for (let n = 0; n < 3; n++) lookAfter(100);
  expect(told).toEqual([expect.objectContaining({ stack: ['x'] })]);
});

test('D13: under a debugger, which stops the main thread on purpose, it does nothing', async () => {
  expect(await blockedLoop.run('debugger')).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('D13: it keeps no process alive, and a loop that runs is not told', () => {
  const { stderr, status } = run(`lib.startWatchdog({ afterMs: 5_000 }); setTimeout(() => {}, 50);`);
  expect({ stderr, status }).toEqual({ stderr: 'why is loaded\n', status: 0 });
});

test('D13: after the stop nothing of it is left', () => {
  const { execSync, execFileSync, spawnSync } = childProcess;
  const stop = startWatchdog();
  stop();
  stop();
  expect({ ...childProcess }).toMatchObject({ execSync, execFileSync, spawnSync });
  expect(process.getActiveResourcesInfo()).not.toContain('Worker');
});
