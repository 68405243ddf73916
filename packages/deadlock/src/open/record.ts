/**
 * What leaves no trace behind: connects that failed, ports that were in use, HTTP requests of fetch. Recorded from Node's
 * own diagnostics channels while somebody asks for it: during a flight, or all the time under `why`.
 */
import type { EventEmitter } from 'node:events';
import type { Server, Socket } from 'node:net';
import { builtin } from '../builtin.js';
import { now } from '../now.js';
import type { OpenThing } from './open.js';

interface FailedConnects {
  readonly to: string;
  code: string;
  count: number;
  at: number;
}

/** A request of undici: the built-in fetch, or the package. */
interface FetchRecord {
  readonly text: string;
  readonly since: number;
  hasHeaders: boolean;
}

const failed = new Map<string, FailedConnects>();
const portsInUse = new Map<string, number>();
const fetches = new Map<FetchRecord, WeakRef<object>>();
const fetchOf = new WeakMap<object, FetchRecord>();
const began = new WeakMap<Socket, number>();

/** More than these at once are not recorded. */
const MAX_FETCHES = 1_000;

let users = 0;

/** Records from here until the returned function is called. What was recorded stays until the next recording begins. */
export function recordOpen(): () => void {
  if (users++ === 0) begin();
  let isOn = true;
  return () => {
    if (!isOn) return;
    isOn = false;
    if (--users === 0) for (const [name, listener] of subscriptions) unsubscribe(name, listener);
  };
}

function begin(): void {
  failed.clear();
  portsInUse.clear();
  fetches.clear();
  for (const [name, listener] of subscriptions) builtin('node:diagnostics_channel')?.subscribe(name, listener);
}

function unsubscribe(name: string, listener: (message: unknown) => void): void {
  builtin('node:diagnostics_channel')?.unsubscribe(name, listener);
}

const subscriptions: readonly (readonly [name: string, listener: (message: unknown) => void])[] = [
  ['net.client.socket', (message) => onSocket((message as { socket: Socket }).socket)],
  ['tracing:net.server.listen:error', (message) => onListenError(message as { error?: PortError; server?: Server })],
  ['undici:request:create', (message) => onFetch((message as { request: UndiciRequest }).request)],
  ['undici:request:headers', (message) => onHeaders((message as { request: UndiciRequest }).request)],
  ['undici:request:trailers', (message) => onEnd((message as { request: UndiciRequest }).request)],
  ['undici:request:error', (message) => onEnd((message as { request: UndiciRequest }).request)],
];

function onSocket(socket: Socket): void {
  began.set(socket, now());
  // A listener of `error` would keep an error that nothing handles from ending the process; a monitor does not.
  const monitor = builtin('node:events')?.errorMonitor;
  if (monitor) (socket as EventEmitter).once(monitor, onConnectError);
}

interface PortError extends Error {
  readonly code?: string;
  readonly address?: string;
  readonly port?: number;
  readonly path?: string;
  /** Of an AggregateError: one address each. */
  readonly errors?: readonly PortError[];
}

function onConnectError(error: PortError | undefined): void {
  for (const { code = 'error', address, port, path } of error?.errors ?? (error ? [error] : [])) {
    if (address === undefined && path === undefined) continue;
    const to = path ?? (port === undefined ? String(address) : `${address}:${port}`);
    const entry = failed.get(to) ?? { to, code, count: 0, at: 0 };
    failed.set(to, Object.assign(entry, { code, count: entry.count + 1, at: now() }));
  }
}

function onListenError({ error }: { error?: PortError }): void {
  if (error?.code !== 'EADDRINUSE') return;
  const where = error.port === undefined ? String(error.address) : `${error.address}:${error.port}`;
  portsInUse.set(where, (portsInUse.get(where) ?? 0) + 1);
}

interface UndiciRequest {
  readonly method?: string;
  readonly origin?: unknown;
  readonly path?: string;
}

function onFetch(request: UndiciRequest): void {
  if (fetches.size >= MAX_FETCHES) for (const [record, of] of fetches) if (!of.deref()) fetches.delete(record);
  if (fetches.size >= MAX_FETCHES) return;
  const text = `${request.method} ${String(request.origin)}${request.path}`;
  const record: FetchRecord = { text, since: now(), hasHeaders: false };
  fetchOf.set(request, record);
  fetches.set(record, new WeakRef(request));
}

function onHeaders(request: UndiciRequest): void {
  const record = fetchOf.get(request);
  if (record) record.hasHeaders = true;
}

function onEnd(request: UndiciRequest): void {
  const record = fetchOf.get(request);
  if (record) fetches.delete(record);
}

export const connectingSince = (socket: Socket): number | undefined => began.get(socket);

const seconds = (since: number): string => `${((now() - since) / 1000).toFixed(1)} s`;

/** What was recorded, failed connects first. */
export function recorded(): OpenThing[] {
  const things: OpenThing[] = [];
  for (const { to, code, count, at } of failed.values()) {
    const times = count === 1 ? 'once' : `${count} times`;
    const text = `connecting to ${to} failed ${times} (${code}), last ${seconds(at)} ago`;
    things.push({ kind: 'failed connects', text, count: 1, isSuspect: true });
  }
  for (const [where, count] of portsInUse) {
    const text = `listening on ${where} failed${count > 1 ? ` ${count} times` : ''}: the port is in use (EADDRINUSE)`;
    things.push({ kind: 'port in use', text, count: 1, isSuspect: true });
  }
  for (const [{ text, since, hasHeaders }, request] of fetches) {
    if (!request.deref()) continue;
    const state = hasHeaders
      ? 'has a response whose body has not been read to its end'
      : `has no response for ${seconds(since)}`;
    things.push({ kind: 'response', text: `${text} ${state}`, count: 1, isSuspect: true });
  }
  return things;
}
