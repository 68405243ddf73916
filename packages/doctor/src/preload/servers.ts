/** Reports every server that listens, where the application called `listen`, and the requests that arrive. */
import { subscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:net';
import type { Address, EntryOf } from '../journal-entry.js';
import { captureStack, siteOf } from './call-site.js';
import { watchRequests } from './requests.js';
import type { Journal } from './journal.js';

type Protocol = EntryOf<'open'>['protocol'];

export function watchServers(journal: Journal): void {
  const numbers = new WeakMap<Server, number>();
  const opened = new WeakSet<Server>();
  let last = 0;

  subscribe('tracing:net.server.listen:asyncStart', (message) => {
    const { server } = message as { server: Server };
    const number = ++last;
    numbers.set(server, number);
    journal.write({ type: 'listen', server: number, site: siteOf(captureStack()) });
    // Before any request can come, and not earlier: an application without HTTP must not load it because of us.
    if (protocolOf(server) !== 'other') watchRequests(journal, server);
  });

  subscribe('tracing:net.server.listen:asyncEnd', (message) => {
    const { server } = message as { server: Server };
    const number = numbers.get(server);
    const address = server.address() as Address | null;
    if (number === undefined || address === null || opened.has(server)) return;
    opened.add(server);
    const allowsHttp1 = Boolean((server as { allowHTTP1?: boolean }).allowHTTP1);
    journal.write({ type: 'open', server: number, address, protocol: protocolOf(server), allowsHttp1 }, true);
  });
}

function protocolOf(server: Server): Protocol {
  for (let proto: object | null = server; proto !== null; proto = Object.getPrototypeOf(proto) as object | null) {
    const { name } = proto.constructor;
    if (name === 'Http2Server') return 'h2c';
    if (name === 'Http2SecureServer') return 'h2';
  }
  if (server instanceof process.getBuiltinModule('node:http').Server) return 'http';
  // Loading TLS costs a server without it some milliseconds, and only a TLS server has this method.
  const isTls = typeof (server as { setSecureContext?: unknown }).setSecureContext === 'function';
  return isTls && server instanceof process.getBuiltinModule('node:https').Server ? 'https' : 'other';
}
