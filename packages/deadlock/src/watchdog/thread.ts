/**
 * What the watchdog's thread runs. It is text, not a function: bundlers rewrite functions with helpers that do not exist in
 * another thread, and a file of its own would not be found in a bundle.
 *
 * `workerData`: `beat` (Int32Array: 0 counts the turns of the main thread, 1 is the length of the note, 2 whether
 * to look away), `note` (bytes:
 * the stack of a synchronous child process that is being waited for), `afterMs`, `pid`.
 */
export const threadSource = `
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const fs = require('node:fs');
const { beat, note, afterMs, pid } = workerData;
const MAX_REPORTS = 5;
const MAX_FRAMES = 12;

let last = Atomics.load(beat, 0);
let since = Date.now();
let reports = 0;
let isReported = false;
setInterval(() => {
  const count = Atomics.load(beat, 0);
  if (count !== last || Atomics.load(beat, 2) > 0) {
    last = count;
    since = Date.now();
    isReported = false;
  } else if (!isReported && reports < MAX_REPORTS && Date.now() - since >= afterMs) {
    isReported = true;
    reports++;
    report(since);
  }
}, Math.min(250, Math.ceil(afterMs / 4)));

function report(since) {
  const length = Atomics.load(beat, 1);
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
  parentPort.postMessage({ since, blockedMs, stack, children });
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
