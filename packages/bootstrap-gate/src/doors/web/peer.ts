/** The two ends of the connection that a `Request` came by, as far as its server says. */
import type { Peer } from '../../http/facts.js';

type NodeSocket = Peer & { readonly destroyed?: boolean };

/** What servers hand over beside the request. */
interface Origin {
  /** @hono/node-server: Node's own request. */
  readonly incoming?: { readonly socket?: NodeSocket; readonly httpVersionMajor?: number };
  /** Bun: the server. */
  readonly requestIP?: (request: Request) => { readonly address: string; readonly port: number } | null;
  readonly port?: number;
  /** Deno. */
  readonly remoteAddr?: { readonly hostname?: string; readonly port?: number };
  /** As Hono's guide for Bun passes the server on. */
  readonly server?: Origin;
}

/** Undefined where nothing says that there is a connection: then the request counts as made in this process. */
export function peerOf(request: Request, given: unknown): Peer | undefined {
  const { server, ...own } = pick(given);
  const { incoming, requestIP, port, remoteAddr } = server ? pick(server) : own;
  if (incoming?.socket) return incoming.socket;
  if (typeof requestIP === 'function') {
    const client = requestIP.call(server ?? given, request);
    // What this process sends to itself has the same address on both ends.
    return client
      ? { remoteAddress: client.address, remotePort: client.port, localAddress: client.address, localPort: port }
      : undefined;
  }
  return remoteAddr ? { remoteAddress: remoteAddr.hostname, remotePort: remoteAddr.port } : undefined;
}

function pick(given: unknown): Origin {
  const { incoming, requestIP, port, remoteAddr, server } = Object(given) as Origin;
  return { incoming, requestIP, port, remoteAddr, server } as Origin;
}

/** HTTP/2 has no header `Connection`, and Node refuses to send one; other servers leave it out themselves. */
export const isHttp2 = (given: unknown): boolean => (pick(given).incoming?.httpVersionMajor ?? 1) > 1;

/** The signal of a request that was pipelined never fires: its response has no socket yet. */
export const isCut = (given: unknown): boolean => pick(given).incoming?.socket?.destroyed === true;
