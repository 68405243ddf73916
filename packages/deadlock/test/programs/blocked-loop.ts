/** A main thread that stands still, in the manner of the first argument, and prints what the watchdog tells. */
import { startWatchdog } from '../../src/index.js';

const [, , manner] = process.argv;

function parse(): void {
  const end = Date.now() + 2_500;
  while (Date.now() < end);
}

const print = (value: unknown): void => console.log(JSON.stringify(value));

/** @param ms how long the loop turns before */
const startAfter = (ms: number, work: () => void): void => {
  const stop = startWatchdog({ afterMs: 300, onBlocked: print });
  setTimeout(() => {
    work();
    stop();
  }, ms);
};

if (manner === 'loop') startAfter(300, parse);
if (manner === 'debugger') {
  process.env['NODE_OPTIONS'] = '--enable-source-maps --inspect=0';
  startAfter(300, parse);
}
if (manner === 'several') {
  const stopFirst = startWatchdog({ afterMs: 60_000, onBlocked: () => print('first') });
  startAfter(300, parse);
  stopFirst();
}
if (manner === 'late child') {
  const load = (): void => {
    const { execFileSync } = process.getBuiltinModule('node:child_process');
    execFileSync(process.execPath, ['-e', 'setTimeout(() => {}, 2_500)']);
  };
  setTimeout(() => process.getBuiltinModule('node:child_process'), 10);
  startAfter(500, load);
}
