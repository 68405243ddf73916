/** The process of one run: the application on a free port, which tells its parent what happens. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadSome } from '../bootstrap.js';
import { createApp } from '../express-app.js';
import { announced, type LoadEvent } from './announced.js';
import { createUngatedApp } from './ungated-app.js';

export type ChildEvent = LoadEvent | { type: 'listening'; port: number };

const [kind, count] = process.argv.slice(2);
const tell = (event: ChildEvent): void => void process.send?.(event);

const load = announced(loadSome(Number(count)), tell);
const { listener } = kind === 'gated' ? createApp(load) : createUngatedApp(load);
const server = createServer(listener).listen(0, '127.0.0.1', () => {
  tell({ type: 'listening', port: (server.address() as AddressInfo).port });
});
process.once('disconnect', () => process.exit());
