/** Sockets and servers: who was asked and has not answered, what nobody reads, what listens. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { streamsOfChildren } from './children.js';
import type { OpenThing } from './open.js';
import { connectingSince } from './record.js';

/** What a socket knows beyond its public type. */
type InnerSocket = Socket &
  Partial<Pick<TLSSocket, 'encrypted'>> & {
    readonly server?: Server | null;
    readonly fd?: number;
    readonly _host?: string | null;
    readonly _httpMessage?: (ClientRequest & { readonly agent?: unknown; readonly res?: IncomingMessage }) | null;
    readonly secureConnecting?: boolean;
  };

export function sockets(handles: readonly object[]): OpenThing[] {
  const own = streamsOfChildren(handles);
  const found: OpenThing[] = [];
  const accepted = new Map<Server, number>();
  const agents = new Set<InnerAgent>();
  const servers: Server[] = [];
  for (const handle of handles) {
    if (own.has(handle)) continue;
    if (isServer(handle)) servers.push(handle);
    if (!isSocket(handle)) continue;
    if (handle.fd === 1 || handle.fd === 2) continue;
    const server = handle.server;
    if (server && !('_httpMessage' in handle && handle._httpMessage && 'agent' in handle._httpMessage)) {
      accepted.set(server, (accepted.get(server) ?? 0) + 1);
    } else found.push(socketThing(handle));
    const agent = handle._httpMessage?.agent as InnerAgent | undefined;
    if (agent?.requests) agents.add(agent);
  }
  for (const agent of agents) found.push(...queuedRequests(agent));
  // A server that was closed has no handle any more, but the connections that it waits for have it.
  for (const server of new Set([...servers, ...accepted.keys()]))
    found.push(serverThing(server, accepted.get(server) ?? 0));
  return found;
}

const isSocket = (handle: object): handle is InnerSocket => 'bytesWritten' in handle && 'connecting' in handle;
const isServer = (handle: object): handle is Server => 'listening' in handle && 'address' in handle;

function socketThing(socket: InnerSocket): OpenThing {
  if (socket.fd === 0) return { kind: 'stdin', text: 'standard input is being read', count: 1, isSuspect: false };
  const peer = peerOf(socket);
  if (socket.connecting) return { kind: 'connecting', text: connectingText(socket, peer), count: 1, isSuspect: true };
  if (socket.secureConnecting) {
    return { kind: 'connecting', text: `TLS handshake with ${peer} has not been answered`, count: 1, isSuspect: true };
  }
  const request = requestOf(socket);
  const received = socket.bytesRead > 0 ? `received ${socket.bytesRead}` : 'has received nothing';
  const isUnread = socket.readableFlowing === false && socket.readableLength > 0;
  const text = `connection to ${peer}: sent ${socket.bytesWritten} bytes, ${received}${request}${isUnread ? '; what it received is not being read' : ''}`;
  return { kind: 'connection', text, count: 1, isSuspect: request !== '' || isUnread || socket.bytesRead === 0 };
}

function peerOf(socket: InnerSocket): string {
  if (socket.remoteAddress) return `${socket.remoteAddress}:${socket.remotePort}`;
  const pipe = (socket as { _handle?: { constructor?: { name?: string } } })._handle?.constructor?.name === 'Pipe';
  const tried = socket.autoSelectFamilyAttemptedAddresses?.at(-1);
  return tried ?? socket._host ?? (pipe ? 'a Unix socket or pipe' : 'an unknown peer');
}

function connectingText(socket: Socket, peer: string): string {
  const since = connectingSince(socket);
  return `connecting to ${peer}: no answer${since === undefined ? '' : ` for ${((Date.now() - since) / 1000).toFixed(1)} s`}`;
}

/** The HTTP request that a client's socket carries, and how far it is. */
function requestOf({ _httpMessage: message }: InnerSocket): string {
  if (!message || typeof message.path !== 'string') return '';
  const { res } = message;
  const request = `; ${message.method} ${message.path}`;
  if (!res) return `${request} ${message.writableFinished ? 'has no response' : 'has not been sent whole'}`;
  return res.readableFlowing === null || res.isPaused() ? `${request}: nothing reads its response` : request;
}

interface InnerAgent {
  readonly requests?: Readonly<
    Record<string, readonly { readonly method?: string; readonly path?: string }[] | undefined>
  >;
  readonly sockets: Readonly<Record<string, readonly unknown[] | undefined>>;
  readonly maxSockets?: number;
}

function queuedRequests({ requests = {}, sockets: used, maxSockets }: InnerAgent): OpenThing[] {
  return Object.entries(requests).flatMap(([key, queue = []]) => {
    if (queue.length === 0) return [];
    const paths = queue.slice(0, 3).map(({ method, path }) => `${method ?? ''} ${path ?? ''}`);
    const to = key.split(':').slice(0, 2).join(':');
    const waiting = queue.length === 1 ? `1 request to ${to} waits` : `${queue.length} requests to ${to} wait`;
    const text = `${waiting} for one of ${used[key]?.length ?? 0} sockets (maxSockets ${maxSockets}): ${paths.join(', ')}`;
    return [{ kind: 'queued requests' as const, text, count: 1, isSuspect: true }];
  });
}

function serverThing(server: Server, connections: number): OpenThing {
  const address = server.address();
  const where = typeof address === 'string' ? address : address ? `${address.address}:${address.port}` : 'no address';
  const isClosing = !server.listening;
  const open = connections > 0 ? `, ${connections} ${connections === 1 ? 'connection' : 'connections'}` : '';
  const text = isClosing ? `server that was closed waits for its connections${open}` : `server on ${where}${open}`;
  return { kind: 'server', text, count: 1, isSuspect: isClosing };
}
