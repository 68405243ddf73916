/**
 * Recognises requests that this process makes to itself on behalf of a bootstrap or a pilot, without adding anything to
 * any request: the client's socket is noted when the request is sent, and the server sees the same two addresses and ports.
 * The note ends with its request, so that others may use the connection.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { channel } from 'node:diagnostics_channel';
import { currentScope, type Scope } from '@bootstrap-gate/deadlock/adapter';

interface Note {
  readonly scope: Scope;
  /** Set where only the connection is known, and not what is sent on it: then it is for the first request alone. */
  readonly first?: { request?: object };
}

const notes = new Map<string, Note>();
const scopeOfFetch = new WeakMap<object, Scope>();
let watchers = 0;

/** On whose behalf this process sent the request that has arrived, if it did and somebody is watching. */
export function senderOf(request: IncomingMessage): Scope | undefined {
  if (notes.size === 0) return undefined;
  const { remoteAddress, remotePort, localAddress, localPort } = request.socket;
  const { scope, first } = notes.get(connectionOf(remoteAddress, remotePort, localAddress, localPort) ?? '') ?? {};
  if (!first) return scope;
  first.request ??= request; // a request may come by several doors
  return first.request === request ? scope : undefined;
}

/** Watches outgoing requests until the returned function is called (once). */
export function watchSenders(): () => void {
  if (watchers++ === 0) for (const [name, listener] of subscriptions) channel(name).subscribe(listener);
  return () => {
    if (--watchers > 0) return;
    for (const [name, listener] of subscriptions) channel(name).unsubscribe(listener);
    notes.clear();
  };
}

const subscriptions: readonly (readonly [string, (message: unknown) => void])[] = [
  // Node 20 tells of a request when its body has ended, so until then a new connection belongs to whoever opened it.
  ['net.client.socket', (message) => note((message as { socket: Socket }).socket, currentScope(), {})],
  ['http.client.request.created', (message) => noteRequest((message as { request: ClientRequest }).request)],
  ['http.client.request.start', (message) => noteRequest((message as { request: ClientRequest }).request)],
  ['undici:request:create', (message) => rememberFetch((message as FetchMessage).request)],
  [
    'undici:client:sendHeaders',
    (message) => {
      const { request, socket } = message as FetchMessage & { socket: Socket };
      const forget = note(socket, scopeOfFetch.get(request));
      if (forget) forgetFetch.set(request, forget);
    },
  ],
  ['undici:request:trailers', (message) => forgetFetch.get((message as FetchMessage).request)?.()],
  ['undici:request:error', (message) => forgetFetch.get((message as FetchMessage).request)?.()],
];

interface FetchMessage {
  readonly request: object;
}

const forgetFetch = new WeakMap<object, () => void>();

function noteRequest(request: ClientRequest): void {
  const scope = currentScope();
  const onSocket = (socket: Socket): void => {
    const forget = watchers > 0 ? note(socket, scope) : undefined;
    if (forget) request.once('close', forget);
  };
  if (request.socket) onSocket(request.socket);
  else request.once('socket', onSocket);
}

function rememberFetch(request: object): void {
  const scope = currentScope();
  if (scope) scopeOfFetch.set(request, scope);
}

/** Notes who uses this socket now; nobody, where `scope` is undefined. Returns the end of the note. */
function note(socket: Socket, scope: Scope | undefined, first?: Note['first']): (() => void) | undefined {
  if (socket.pending) {
    if (!scope) return undefined;
    let forget: (() => void) | undefined;
    const onConnect = (): void => {
      if (watchers > 0) forget = note(socket, scope, first);
    };
    socket.once('connect', onConnect);
    return () => {
      socket.off('connect', onConnect);
      forget?.();
    };
  }
  const key = connectionOf(socket.localAddress, socket.localPort, socket.remoteAddress, socket.remotePort);
  if (key === undefined) return undefined;
  if (!scope) {
    notes.delete(key);
    return undefined;
  }
  const entry = { scope, ...(first && { first }) };
  notes.set(key, entry);
  const forget = (): void => {
    socket.off('close', forget);
    if (notes.get(key) === entry) notes.delete(key); // a later request on this connection has its own
  };
  socket.once('close', forget);
  return forget;
}

/**
 * What both ends of one connection call it. All four parts: a system gives one local port to connections to different
 * servers. Undefined where nothing tells connections apart, as over a Unix socket or once it is destroyed: there whoever
 * comes would be taken for the bootstrap.
 */
function connectionOf(
  clientAddress: string | undefined,
  clientPort: number | undefined,
  serverAddress: string | undefined,
  serverPort: number | undefined,
): string | undefined {
  if (!clientAddress || !serverAddress) return undefined;
  return `${plainAddress(clientAddress)} ${clientPort} ${plainAddress(serverAddress)} ${serverPort}`;
}

/** IPv4 may come in IPv6 clothes on one of the ends. */
const plainAddress = (address: string): string => address.replace(/^::ffff:/, '');
