/** The numbers that both threads see: how often the main thread has shown that it runs. */
export const BEAT = 0;
/** The length of the note that the caller of a synchronous child process left, in bytes. */
export const NOTE = 1;
/** Above 0: look away. */
export const PAUSES = 2;
/** How long the main thread may stand still, in ms. */
export const LIMIT = 3;

/**
 * What the watchdog's thread runs. It is text, not a function: bundlers rewrite functions with helpers that do not exist in
 * another thread, and a file of its own would not be found in a bundle.
 *
 * `workerData`: `numbers` (Int32Array, see above), `note` (bytes: the stack of
 * a synchronous child process that is being waited for), `port` (where to tell), `pid`.
 */
export const threadSource = `
'use strict';
const { workerData } = require('node:worker_threads');
const fs = require('node:fs');
const { numbers, note, port, pid } = workerData;
const LOOK_MS = 100;
const MAX_REPORTS = 5;
const MAX_FRAMES = 12;

let beat = 0;
let stoodMs = 0;
let lookedAt = performance.now();
let reports = 0;
let isReported = false;
setInterval(() => {
  // A process that was stopped, or a machine that slept, has not stood still.
  const passed = Math.min(performance.now() - lookedAt, 2 * LOOK_MS);
  lookedAt = performance.now();
  const latest = Atomics.load(numbers, ${BEAT});
  if (latest !== beat || Atomics.load(numbers, ${PAUSES}) > 0) {
    beat = latest;
    stoodMs = 0;
    isReported = false;
    return;
  }
  stoodMs += passed;
  if (isReported || reports >= MAX_REPORTS || stoodMs < Atomics.load(numbers, ${LIMIT})) return;
  isReported = true;
  reports++;
  report(Math.round(Date.now() - stoodMs));
}, LOOK_MS);

function report(since) {
  const length = Atomics.load(numbers, ${NOTE});
  if (length > 0) return tell(since, new TextDecoder().decode(note.slice(0, length)).split('\\n'));
  let isTold = false;
  const once = (stack) => {
    if (isTold) return;
    isTold = true;
    tell(since, stack);
  };
  stackOfMainThread(once);
  // A call of the system that does not return answers no debugger.
  setTimeout(once, 1000, []);
}

function stackOfMainThread(done) {
  let session;
  try {
    const { Session } = require('node:inspector');
    session = new Session();
    session.connectToMainThread();
  } catch {
    return done([]);
  }
  const urls = new Map();
  session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
  session.on('Debugger.paused', ({ params }) => {
    const stack = params.callFrames.slice(0, MAX_FRAMES).map(({ functionName, location, url }) => {
      const file = (url || urls.get(location.scriptId) || '').replace(/^file:\\/\\//, '');
      return (functionName || '<anonymous>') + ' (' + file + ':' + (location.lineNumber + 1) + ':' + ((location.columnNumber ?? 0) + 1) + ')';
    });
    session.post('Debugger.resume', () => session.disconnect());
    done(stack);
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
}

function tell(since, stack) {
  const blockedMs = Date.now() - since;
  const children = childrenOfMainThread();
  const lines = [
    '(node:' + pid + ') [GATE_LOOP_BLOCKED] BootstrapGateWarning: The event loop has been blocked for ' +
      (blockedMs / 1000).toFixed(1) + ' s. Until this call returns nothing else in the process can run, its own server included:',
    ...(stack.length > 0 ? stack.map((frame) => '    at ' + frame) : ['    (no stack: the thread is in a call of the system)']),
    ...children.map((child) => '    it has a child process: ' + child),
  ];
  try {
    fs.writeSync(2, lines.join('\\n') + '\\n');
  } catch {}
  port.postMessage({ since, blockedMs, stack, children });
}

/** On Linux: those that a synchronous call started are children of the thread. */
function childrenOfMainThread() {
  try {
    const pids = fs.readFileSync('/proc/' + pid + '/task/' + pid + '/children', 'utf8').trim().split(' ').filter(Boolean);
    return pids.map((child) => child + ' (' + fs.readFileSync('/proc/' + child + '/cmdline', 'utf8').split('\\0').join(' ').trim() + ')');
  } catch {
    return [];
  }
}
`;
