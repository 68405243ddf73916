/**
 * For programs without a gate: `node --import @bootstrap-gate/deadlock/why app.js` says on stderr why the program does not
 * start, or why it ended too early:
 * - when it ends because nothing is left to do while functions are still suspended,
 * - on the signal SIGUSR2,
 * - when after `WHY_AFTER_SECONDS` (30; 0: never) no port is open.
 *
 * While no port is open it also says when the event loop has been blocked for 5 s, and where.
 *
 * `WHY_MAX_HEAP_MB` (128) is the size of the heap up to which it looks for what is awaited.
 */
import { builtin } from './builtin.js';
import { awaitedText, describeStall, describeStallNow } from './describe-stall.js';
import { keepPending } from './explain/keep.js';
import { recordOpen } from './open/record.js';
import { whatIsOpen } from './open/open.js';
import { startWatchdog } from './watchdog/watchdog.js';

/** What only a start needs. */
const stopAtOpen: (() => void)[] = [];

if (builtin('node:worker_threads')?.isMainThread ?? true) watch();

function watch(): void {
  builtin('node:child_process'); // loaded now, its functions are watched before anybody takes them off
  stopAtOpen.push(recordOpen(), keepPending(), startWatchdog());
  let isEmpty = false;
  process.on('beforeExit', () => (isEmpty = true));
  process.on('exit', () => {
    if (isEmpty) atExit();
  });
  try {
    process.on('SIGUSR2', () => void report('SIGUSR2: what the process waits for'));
  } catch {
    // Windows has no such signal.
  }
  const seconds = numberFrom('WHY_AFTER_SECONDS', 30);
  if (seconds > 0) setTimeout(() => afterSeconds(seconds), seconds * 1_000).unref();
}

function afterSeconds(seconds: number): void {
  if (whatIsOpen().some(({ kind, isSuspect }) => kind === 'server' && !isSuspect)) {
    for (const stop of stopAtOpen.splice(0)) stop();
    return;
  }
  void report(`after ${seconds} s no port is open; the process waits for this`);
}

/** What libraries await in the background is no news at the end. */
function atExit(): void {
  const text = awaitedText(describeStallNow(limits()));
  if (text) print('the process ended because nothing was left to do, while this was awaited', text);
}

let isReporting = false;

async function report(title: string): Promise<void> {
  if (isReporting) return;
  isReporting = true;
  const { text } = await describeStall(limits());
  isReporting = false;
  print(title, text || 'nothing is awaited, nothing is open');
}

function print(title: string, text: string): void {
  builtin('node:fs')?.writeSync(2, `\nwhy (pid ${process.pid}): ${title}\n${text}\n`);
}

const limits = (): { maxHeapMb: number; locateMs: number } => ({
  maxHeapMb: numberFrom('WHY_MAX_HEAP_MB', 128),
  locateMs: 1_500,
});

function numberFrom(name: string, fallback: number): number {
  const value = process.env[name];
  if (value === undefined || value === '') return fallback;
  const number = Number(value);
  if (number >= 0) return number;
  throw new TypeError(`${name} must be a number of at least 0, not ${JSON.stringify(value)}`);
}
