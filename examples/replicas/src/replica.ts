/** One replica as a process: `node replica.js '{"name":"web-1",…}'`. It tells its parent what its gate does. */
import { once as onceEvent } from 'node:events';
import { subscribe } from 'node:diagnostics_channel';
import type { AddressInfo } from 'node:net';
import type { OnceEvent } from '@bootstrap-gate/once';
import pg from 'pg';
import { createApp } from './app.js';
import type { Load } from './bootstrap.js';

export interface ReplicaSettings extends Load {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  readonly leaseMs: number;
}

export type ReplicaMessage =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'event'; readonly event: Pick<OnceEvent, 'type' | 'step' | 'attempt' | 'text'> }
  | { readonly type: 'progress'; readonly fraction: number }
  | { readonly type: 'ready' };

const { name, url, port, leaseMs, ...load } = JSON.parse(process.argv[2] ?? '') as ReplicaSettings;
const tell = (message: ReplicaMessage): void => void process.send?.(message);
process.once('disconnect', () => process.exit());

subscribe('bootstrap-gate.once', (message) => {
  const { type, step, attempt, text } = message as OnceEvent;
  tell({ type: 'event', event: { type, step, ...(attempt && { attempt }), ...(text && { text }) } });
});
subscribe('bootstrap-gate.step', (message) => {
  const { type, step, progress } = message as {
    type: string;
    step: string;
    progress: { fraction: number; text: string } | null;
  };
  if (type !== 'progress' || step !== 'cities' || !progress?.text?.endsWith('cities')) return;
  tell({ type: 'progress', fraction: progress.fraction });
});

const pool = new pg.Pool({ connectionString: url, max: 3 });
pool.on('error', () => {}); // a connection that ended while it was idle: the pool makes a new one
const { app, gate } = createApp(pool, name, leaseMs, load);
const server = app.listen(port, '127.0.0.1');
await onceEvent(server, 'listening');
tell({ type: 'listening', port: (server.address() as AddressInfo).port });
await gate.ensureReady();
tell({ type: 'ready' });
