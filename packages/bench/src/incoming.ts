/** Every request that Node's HTTP server takes in, seen before any listener, and without changing the server. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { WHO_PATH } from './paths.js';

/** The URL of its own request, for those who ask for it. Elsewhere contexts would only cost. */
export const requestContext = new AsyncLocalStorage<string>();

export function watchRequests(): { readonly count: number } {
  const requests = { count: 0 };
  subscribe('http.server.request.start', (message) => {
    const { url } = (message as { request: IncomingMessage }).request;
    requests.count++;
    if (url?.startsWith(WHO_PATH)) requestContext.enterWith(url);
  });
  return requests;
}
