/**
 * Floor `doors/web`: what is about `Request` and `Response` of the fetch standard, wherever they are served. Not here: policy,
 * node:http, frameworks.
 */
import { isCut, isHttp2, peerOf } from './peer.js';
import { watchedResponse } from './pilot-response.js';
import type { Answer } from '../../http/answer.js';
import type { Peer, RequestFacts } from '../../http/facts.js';
import type { Transport } from '../../http/transport.js';

/** What differs between the doors. */
export interface WebBindings<A, B, C> extends Pick<Transport<A, B, C>, 'proceed' | 'forward'> {
  request(a: A, b: B, c: C): Request;
  /** The response that an application has made, from what `proceed` gave. */
  response(result: unknown, a: A, b: B, c: C): Response | undefined;
  /** Answers with a response in its place. Default: gives it to the framework. */
  respond?(response: Response, a: A, b: B, c: C): unknown;
  /** What the runtime says of where the request comes from, besides the request itself. */
  origin(a: A, b: B, c: C): unknown;
  /** `waitUntil` of the runtime, where it has that. */
  waitUntil(a: A, b: B, c: C): ((work: Promise<unknown>) => void) | undefined;
  readonly answer?: Transport<A, B, C>['answer'];
}

/** Cloudflare Workers: no request may act for another there, and a timer belongs to the request that set it. */
const { navigator } = globalThis as { readonly navigator?: { readonly userAgent?: string } };
const isWorkerd = navigator?.userAgent === 'Cloudflare-Workers';

export function webTransport<A, B = undefined, C = undefined>(bindings: WebBindings<A, B, C>): Transport<A, B, C> {
  const { request, response, origin, waitUntil, respond = (made: Response): unknown => made } = bindings;
  /** Held requests whose answer has begun: the application has made its response. */
  const begun = new WeakSet<Request>();
  return {
    answer(answer, a, b, c) {
      const { status, headers, body } = forRequest(answer, request(a, b, c), origin(a, b, c));
      return new Response(body, { status, headers });
    },
    ...bindings,
    isIsolated: isWorkerd,
    facts: (a, b, c) => new WebFacts(request(a, b, c), origin(a, b, c)),
    target: (a, b, c) => targetOf(request(a, b, c)),
    async lead(ended, proceed, a, b, c) {
      const { signal, method } = request(a, b, c);
      const onAbort = (): void => ended();
      signal.addEventListener('abort', onAbort);
      try {
        const result = await proceed();
        signal.removeEventListener('abort', onAbort); // Deno fires it after success too; from here the body tells
        const made = response(result, a, b, c);
        if (!made) {
          ended(101); // on Bun there is none where the request became a WebSocket
          return result;
        }
        const { status } = made;
        const watched = watchedResponse(made, method, (isWhole) => ended(isWhole ? status : undefined));
        return watched === made ? result : respond(watched, a, b, c);
      } catch (error) {
        ended();
        throw error;
      }
    },
    async release(proceed, a, b, c) {
      try {
        return await proceed();
      } finally {
        begun.add(request(a, b, c));
      }
    },
    hasBegun: (a, b, c) => begun.has(request(a, b, c)),
    isGone: (a, b, c) => request(a, b, c).signal.aborted || isCut(origin(a, b, c)),
    client: (a, b, c) => request(a, b, c).signal,
    watch: (signal, listener) => (signal as AbortSignal).addEventListener('abort', listener),
    unwatch: (signal, listener) => (signal as AbortSignal).removeEventListener('abort', listener),
    drop: () => new Response(null, { status: 499 }), // its client has left; runtimes want a response all the same
    keepAlive: (work, a, b, c) => waitUntil(a, b, c)?.(work),
  };
}

/** The answer as this request gets it: HEAD without the body that its length tells of. */
export function forRequest({ status, headers, body, isLast }: Answer, { method }: Request, origin: unknown) {
  const connection = isLast && !isHttp2(origin) ? { Connection: 'close' } : undefined;
  if (method !== 'HEAD') return { status, headers: { ...headers, ...connection }, body };
  const length = { 'Content-Length': String(new TextEncoder().encode(body).length) };
  return { status, headers: { ...headers, ...length, ...connection }, body: null };
}

class WebFacts implements RequestFacts {
  readonly raw: Request;
  readonly #origin: unknown;

  constructor(raw: Request, origin: unknown) {
    this.raw = raw;
    this.#origin = origin;
  }

  get method(): string {
    return this.raw.method;
  }

  get target(): string {
    return targetOf(this.raw);
  }

  header(name: string): string | undefined {
    return this.raw.headers.get(name) ?? undefined;
  }

  get peer(): Peer | undefined {
    return peerOf(this.raw, this.#origin);
  }
}

/** Path and query as the application sees them: a `Request` has no other. */
function targetOf({ url }: Request): string {
  return url.slice(url.indexOf('/', url.indexOf('://') + 3));
}
