/** Beats from a thread of their own, so that a blocked event loop is not taken for a dead process. */
import { Worker } from 'node:worker_threads';
import type { Beats, Status } from '../store.js';

export function startFileBeats(folder: string, session: string, everyMs: number): Beats {
  const shared = new BigInt64Array(new SharedArrayBuffer(16));
  const worker = new Worker(SOURCE, { eval: true, workerData: { folder, session, everyMs, shared } });
  worker.unref();
  let isBroken = false;
  worker.on('error', () => (isBroken = true));
  return {
    sentAt: () => Atomics.load(shared, 0),
    isEnded: () => Atomics.load(shared, 1) === 1n,
    isBroken: () => isBroken,
    publish: (status: Status) => worker.postMessage(JSON.stringify(status)),
    stop: () => void worker.terminate(),
  };
}

/** As text, so that it needs no file that a bundler could miss. */
const SOURCE = `
const { parentPort, workerData } = require('node:worker_threads');
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { randomUUID } = require('node:crypto');
const { folder, session, everyMs, shared } = workerData;
const file = folder + '/' + session + '.json';
let status;
parentPort.on('message', (text) => {
  status = JSON.parse(text);
  beat();
});
function beat() {
  const sentAt = process.hrtime.bigint();
  try {
    const old = JSON.parse(readFileSync(file, 'utf8'));
    const temporary = folder + '/.' + randomUUID();
    writeFileSync(temporary, JSON.stringify({ ...old, beat: randomUUID(), status: status ?? old.status }));
    renameSync(temporary, file);
    if (existsSync(folder + '/' + session + '.ended')) Atomics.store(shared, 1, 1n);
    else Atomics.store(shared, 0, sentAt);
  } catch (error) {
    if (error.code === 'ENOENT') Atomics.store(shared, 1, 1n);
  }
}
setInterval(beat, everyMs);
beat();
`;
