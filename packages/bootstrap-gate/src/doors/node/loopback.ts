/**
 * Sees the requests that this process sends, and notes the connection of those that a bootstrap or a pilot sends. The note
 * ends with its request, so that others may use the connection.
 */
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { channel } from 'node:diagnostics_channel';
import { currentScope, type Scope } from '@bootstrap-gate/deadlock/adapter';
import type { GateCore } from '../../gate/gate-core.js';
import { connectionOf, type Note, notes, type Sender } from '../../http/own-requests.js';

const scopeOfFetch = new WeakMap<object, Scope>();
let watchers = 0;

/** Watches outgoing requests until the returned function is called (once). */
export function watchSentRequests(): () => void {
  if (watchers++ === 0) for (const [name, listener] of subscriptions) channel(name).subscribe(listener);
  return () => {
    if (--watchers > 0) return;
    for (const [name, listener] of subscriptions) channel(name).unsubscribe(listener);
    notes.clear();
  };
}

/** Only a bootstrap or a pilot at work can send requests that matter; after a failure a bootstrap may still be running. */
export function watchWhileAtWork(core: GateCore): void {
  let endWatch: (() => void) | undefined;
  const adjust = (): void => {
    const atWork = core.state === 'booting' || core.state === 'failed';
    if (atWork) endWatch ??= watchSentRequests();
    else endWatch = void endWatch?.();
  };
  core.onChange(adjust);
  adjust();
}

const subscriptions: readonly (readonly [string, (message: unknown) => void])[] = [
  // Node 20 tells of a request when its body has ended, so until then a new connection belongs to whoever opened it.
  ['net.client.socket', (message) => noteConnection((message as { socket: Socket }).socket)],
  ['http.client.request.created', (message) => noteRequest((message as { request: ClientRequest }).request)],
  ['http.client.request.start', (message) => noteRequest((message as { request: ClientRequest }).request)],
  ['undici:request:create', (message) => rememberFetch((message as FetchMessage).request)],
  [
    'undici:client:sendHeaders',
    (message) => {
      const { request, socket } = message as FetchMessage & { socket: Socket };
      const forget = note(socket, { scope: scopeOfFetch.get(request), client: request });
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
    const forget = watchers > 0 ? note(socket, { scope, client: request }) : undefined;
    if (forget) request.once('close', forget);
  };
  if (request.socket) onSocket(request.socket);
  else request.once('socket', onSocket);
}

function noteConnection(socket: Socket): void {
  note(socket, { scope: currentScope(), client: socket }, {});
}

function rememberFetch(request: object): void {
  const scope = currentScope();
  if (scope) scopeOfFetch.set(request, scope);
}

/** Notes who uses this socket now; nobody, where the scope is undefined. Returns the end of the note. */
function note(socket: Socket, sender: Sender, first?: Note['first']): (() => void) | undefined {
  const { scope, client } = sender;
  if (socket.pending) {
    if (!scope) return undefined;
    let forget: (() => void) | undefined;
    const onConnect = (): void => {
      if (watchers > 0) forget = note(socket, sender, first);
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
  const entry = { scope, client, ...(first && { first }) };
  notes.set(key, entry);
  const forget = (): void => {
    socket.off('close', forget);
    if (notes.get(key) === entry) notes.delete(key); // a later request on this connection has its own
  };
  socket.once('close', forget);
  return forget;
}
