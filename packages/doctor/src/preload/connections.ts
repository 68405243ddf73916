/** Reports outgoing connections: where to, from where in the code, by the start or by which request. */
import { errorMonitor } from 'node:events';
import { Socket } from 'node:net';
import type { CallSite, Orders, Pending } from '../journal-entry.js';
import { captureStack, siteOf } from './call-site.js';
import { currentContext } from './context.js';
import { now, type Journal } from './journal.js';
import { replaceMethod } from './replace-method.js';
import { cutStatement, hashOf, statementIn } from './statement.js';

interface Connection {
  readonly number: number;
  readonly to: string;
  readonly site: CallSite;
  readonly ofStart: boolean;
  writes: number;
  /** When the start last wrote, and how much had been read by then. */
  askedAt: number;
  readBefore: number;
}

interface Target {
  host?: string | undefined;
  port?: number | string | undefined;
  path?: string | undefined;
  lookup?: unknown;
}

const MOST_WRITES = 200;
/** A service that has not answered for this long holds a connection open for its own reasons. */
const ANSWER_MS = 5_000;
const connections = new WeakMap<Socket, Connection>();
const ofStart = new Set<WeakRef<Socket>>();

export function watchConnections(journal: Journal, down: Orders['down']): void {
  let last = 0;

  replaceMethod(Socket.prototype, 'connect', (connect) => {
    return function (this: unknown, ...args: unknown[]) {
      const socket = this as Socket;
      const target = targetOf(args);
      const to = target.path ?? `${target.host ?? 'localhost'}:${target.port}`;
      const context = currentContext();
      const site = siteOf(captureStack());
      const number = ++last;
      connections.set(socket, { number, to, site, ofStart: context === 0, writes: 0, askedAt: 0, readBefore: 0 });
      if (context === 0) ofStart.add(new WeakRef(socket));
      journal.write({ type: 'connect', connection: number, to, context, site }, true);
      // Not an `error` listener: with one the application's missing listener would no longer end the process.
      socket.once(errorMonitor as unknown as 'error', (error: NodeJS.ErrnoException) => {
        journal.write({ type: 'connect-failed', connection: number, to, code: error.code ?? error.name }, true);
      });
      const port = down[to] ?? down[to.replace(/^(127\.0\.0\.1|::1|\[::1\]):/, 'localhost:')];
      return connect.apply(this, port === undefined || target.path !== undefined ? args : redirected(args, port));
    };
  });

  replaceMethod(Socket.prototype, '_writeGeneric', (write) => {
    return function (this: unknown, ...args: unknown[]) {
      const connection = connections.get(this as Socket);
      if (connection && (connection.writes += 1) <= MOST_WRITES) observe(journal, this as Socket, connection, args);
      return write.apply(this, args);
    };
  });
}

/** Where the start opened the connection that arrives at a server of the same process as one from this port. */
export function ownConnection(remotePort: number | undefined): CallSite | undefined {
  if (remotePort === undefined) return undefined;
  for (const socket of living()) {
    if (socket.localPort === remotePort) return connections.get(socket)?.site;
  }
  return undefined;
}

/** Connections on which the start has asked something and has had no answer yet. */
export function unanswered(): Pending[] {
  const pending: Pending[] = [];
  for (const socket of living()) {
    const connection = connections.get(socket);
    if (!connection || connection.askedAt === 0 || socket.destroyed) continue;
    if (socket.bytesRead > connection.readBefore || now() - connection.askedAt > ANSWER_MS) continue;
    pending.push({ kind: `answer of ${connection.to}`, since: connection.askedAt, site: connection.site });
  }
  return pending;
}

function* living(): Generator<Socket> {
  for (const reference of ofStart) {
    const socket = reference.deref();
    if (socket) yield socket;
    else ofStart.delete(reference);
  }
}

/** The ways to call `connect`: options, a port and a host, a path, or the arguments that `net.connect` has normalised. */
function targetOf(args: unknown[]): Target {
  const first = Array.isArray(args[0]) ? (args[0] as unknown[])[0] : args[0];
  if (typeof first === 'object' && first !== null) return first as Target;
  if (typeof first === 'string' && Number.isNaN(Number(first))) return { path: first };
  return { port: first as number, host: typeof args[1] === 'string' ? args[1] : undefined };
}

function redirected(args: unknown[], port: number): unknown[] {
  const there = { ...targetOf(args), host: '127.0.0.1', port, lookup: undefined };
  if (Array.isArray(args[0])) {
    // In place: a symbol on the array tells Node that it is normalised.
    (args[0] as unknown[])[0] = there;
    return args;
  }
  return [there, ...args.filter((arg) => typeof arg === 'function')];
}

function observe(
  journal: Journal,
  socket: Socket,
  connection: Connection,
  [isVector, data, encoding]: unknown[],
): void {
  try {
    const context = currentContext();
    if (context === 0) {
      connection.askedAt = now();
      connection.readBefore = socket.bytesRead;
    }
    const bytes = isVector
      ? Buffer.concat(
          (data as { chunk: unknown; encoding: string }[]).map((part) => asBuffer(part.chunk, part.encoding)),
        )
      : asBuffer(data, encoding);
    const text = statementIn(bytes);
    if (text === undefined) return;
    journal.write({ type: 'statement', to: connection.to, context, hash: hashOf(bytes), text: cutStatement(text) });
  } catch {
    // What cannot be read is not evidence.
  }
}

function asBuffer(chunk: unknown, encoding: unknown): Buffer {
  if (typeof chunk !== 'string') return Buffer.from(chunk as Uint8Array);
  return Buffer.from(chunk, encoding === 'buffer' ? 'utf8' : (encoding as BufferEncoding));
}
