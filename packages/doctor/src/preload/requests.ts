/** Gives each incoming request a context of its own, and recognises those that the start sent to its own server. */
import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:net';
import { currentContext, inNewRequest } from './context.js';
import { ownConnection } from './connections.js';
import { replaceMethod } from './replace-method.js';
import { routesOf } from './routes.js';
import type { Journal } from './journal.js';

const AGENT = 'bootstrap-gate-doctor';
const ROUTES_AFTER_MS = 20;
const watched = new WeakSet<object>();

export function watchRequests(journal: Journal, server: Server): void {
  // The class that emits, which may be the application's own.
  const proto = Object.getPrototypeOf(server) as object;
  if (watched.has(proto)) return;
  watched.add(proto);
  const asked = new WeakSet<object>();

  replaceMethod(proto, 'emit', (emit) => {
    return function (this: unknown, ...args: unknown[]) {
      const isRequest = args[0] === 'request' || args[0] === 'stream';
      // An HTTP/2 stream becomes a request of the compatibility API within its own event.
      if (!isRequest || currentContext() !== 0) return emit.apply(this, args);
      const { target, agent, socket } = described(args);
      return inNewRequest((id) => {
        const probe = agent.startsWith(AGENT);
        journal.write({ type: 'request', id, target, probe });
        const site = ownConnection(socket?.remotePort);
        if (site) journal.write({ type: 'self-request', target, site }, true);
        try {
          return emit.apply(this, args);
        } finally {
          // The examiner's first request comes when the start is quiet, so the routes are complete.
          if (probe && !asked.has(this as object)) {
            asked.add(this as object);
            reportRoutes(journal, this as Server);
          }
        }
      });
    };
  });
}

function described(args: unknown[]): { target: string; agent: string; socket?: { remotePort?: number } | undefined } {
  try {
    if (args[0] === 'stream') {
      const headers = args[2] as Record<string, string>;
      const { session } = args[1] as { session?: { socket?: { remotePort?: number } } };
      return { target: headers[':path'] ?? '', agent: headers['user-agent'] ?? '', socket: session?.socket };
    }
    const { url, headers, socket } = args[1] as IncomingMessage;
    return { target: url ?? '', agent: headers['user-agent'] ?? '', socket: socket as { remotePort?: number } };
  } catch {
    return { target: '', agent: '' };
  }
}

/** Not before the first request: looking at `app.router` makes Express 5 create it with the settings of that moment. */
function reportRoutes(journal: Journal, server: Server): void {
  const timer = setTimeout(() => {
    journal.write({ type: 'routes', paths: routesOf(server) }, true);
  }, ROUTES_AFTER_MS);
  timer.unref();
}
