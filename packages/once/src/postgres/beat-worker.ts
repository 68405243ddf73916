/** Beats from a thread of their own: a migration tool that is run with execSync blocks the main one for minutes. */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Beats, Status } from '../store.js';
import { warn } from '../warn.js';

export interface BeatSettings {
  readonly connectionString: string;
  /** Of a beat: session, ttl and status are its parameters; no row means that the session has ended. */
  readonly sql: string;
  readonly session: string;
  readonly ttlMs: number;
  readonly everyMs: number;
}

export function startBeats(settings: BeatSettings): Beats | undefined {
  const pg = findPg();
  if (pg === undefined) {
    warn(
      'ONCE_BEAT_ON_MAIN_THREAD',
      'connectionString was given, but the package pg was not found from the main script or the working directory: ' +
        'the main thread beats, and loses its lease when it is blocked for long',
    );
    return undefined;
  }
  const shared = new BigInt64Array(new SharedArrayBuffer(16));
  const worker = new Worker(SOURCE, { eval: true, workerData: { ...settings, pg, shared } });
  worker.unref();
  let isBroken = false;
  worker.on('error', (error) => {
    isBroken = true;
    warn('ONCE_BEAT_ON_MAIN_THREAD', `the worker thread that beats has died (${error.message}): the main thread beats`);
  });
  return {
    sentAt: () => Atomics.load(shared, 0),
    isEnded: () => Atomics.load(shared, 1) === 1n,
    isBroken: () => isBroken,
    publish: (status: Status) => worker.postMessage(JSON.stringify(status)),
    stop: () => void worker.terminate(),
  };
}

/** The application's own pg: from its main script, or from where it was started. */
function findPg(): string | undefined {
  for (const from of [process.argv[1], `${process.cwd()}/package.json`]) {
    try {
      if (from) return createRequire(from).resolve('pg');
    } catch {
      // the next one
    }
  }
  return undefined;
}

/** As text, so that it needs no file that a bundler could miss. Its connection is opened again after any trouble. */
const SOURCE = `
const { parentPort, workerData } = require('node:worker_threads');
const { connectionString, sql, session, ttlMs, everyMs, pg, shared } = workerData;
const { Client } = require(pg);
let status = null;
let client;
let busy = false;
parentPort.on('message', (text) => {
  status = text;
  void beat();
});
async function connected() {
  if (client) return client;
  const fresh = new Client({ connectionString, connectionTimeoutMillis: everyMs * 2, query_timeout: everyMs * 2, application_name: 'once beat' });
  const forget = () => { if (client === fresh) client = undefined; };
  fresh.on('error', forget).on('end', forget);
  await fresh.connect();
  return (client = fresh);
}
async function beat() {
  if (busy) return;
  busy = true;
  try {
    const open = await connected();
    const sentAt = process.hrtime.bigint();
    const { rowCount } = await open.query(sql, [session, ttlMs, status]);
    if (rowCount > 0) Atomics.store(shared, 0, sentAt);
    else Atomics.store(shared, 1, 1n);
  } catch {
    const broken = client;
    client = undefined;
    if (broken) broken.end().catch(() => {});
  } finally {
    busy = false;
  }
}
setInterval(beat, everyMs);
void beat();
`;
