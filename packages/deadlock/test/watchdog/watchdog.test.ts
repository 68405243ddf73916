import * as childProcess from 'node:child_process';
import { run } from '../explain/program.js';
import { startWatchdog } from '../../src/index.js';

const block = (body: string): string =>
  run(`lib.startWatchdog({ afterMs: 200, onBlocked: (b) => { print(b); process.exit(); } });
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

test('D13: a synchronous child process is named with the stack of its caller', () => {
  const stderr = block(`const { execFileSync } = require('node:child_process');
function load() { execFileSync(process.execPath, ['-e', 'setTimeout(() => {}, 3_000)']); }
setTimeout(load, 300); setTimeout(() => {}, 5_000);`);
  expect(stderr).toMatch(/at execFileSync \(node:child_process\)/);
  expect(stderr).toMatch(/load .*app\.cjs:4:\d+\)/);
});

test('D13: the caller gets what was told, as data, when the loop runs again', () => {
  const { printed } = run<{
    stack: string[];
    blockedMs: number;
  }>(`lib.startWatchdog({ afterMs: 200, onBlocked: (b) => { print(b); process.exit(); } });
function parse() { const end = Date.now() + 3_000; while (Date.now() < end); }
setTimeout(parse, 300); setTimeout(() => {}, 10_000);`);
  expect(printed.blockedMs).toBeGreaterThanOrEqual(200);
  expect(printed.stack.join('\n')).toMatch(/parse \(/);
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
