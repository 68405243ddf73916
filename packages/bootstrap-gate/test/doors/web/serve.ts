/** Serves fetch handlers on whatever runs this: Bun's and Deno's own servers, on Node that of @hono/node-server. */
import { Readable } from 'node:stream';
import { createAdaptorServer } from '@hono/node-server';
import { type Application, type Incoming, listen, type Mounted, type Reply } from '@bootstrap-gate/conformance';

export type Fetch = (request: Request, info: unknown) => Response | Promise<Response>;

interface Serving {
  readonly port: number;
  /** Stops listening, and waits for the requests under way. */
  stop(): Promise<void>;
}
interface Runtimes {
  readonly Bun?: { serve(options: { port: number; hostname: string; idleTimeout: number; fetch: Fetch }): Serving };
  readonly Deno?: {
    serve(
      options: { port: number; hostname: string; onListen: () => void },
      fetch: Fetch,
    ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
  };
}
const { Bun, Deno } = globalThis as Runtimes;

/** Listens on 127.0.0.1, on any free port. */
export async function serveFetch(fetch: Fetch): Promise<Mounted> {
  if (Bun) {
    const server = Bun.serve({ port: 0, hostname: '127.0.0.1', idleTimeout: 0, fetch });
    return { port: server.port, close: () => server.stop() };
  }
  if (Deno) {
    const server = Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: () => {} }, fetch);
    return { port: server.addr.port, close: () => server.shutdown() };
  }
  return await listen(createAdaptorServer({ fetch }) as Parameters<typeof listen>[0]);
}

const known = new WeakMap<Request, Incoming>();

/** The same for the same request. */
export function incomingOf(request: Request): Incoming {
  const found = known.get(request);
  if (found) return found;
  const { url } = request;
  const incoming: Incoming = {
    method: request.method,
    url: url.slice(url.indexOf('/', url.indexOf('://') + 3)), // `URL` would lose an empty query
    headers: Object.fromEntries(request.headers),
    get signal() {
      return request.signal;
    },
    async *[Symbol.asyncIterator]() {
      if (request.body) yield* request.body as unknown as AsyncIterable<Uint8Array>;
    },
  };
  known.set(request, incoming);
  return incoming;
}

export async function respond(application: Application, request: Request): Promise<Response | undefined> {
  const reply = await application(incomingOf(request));
  return reply && toResponse(reply);
}

const toResponse = ({ status, headers, body }: Reply): Response =>
  new Response(body instanceof Readable ? streamOf(body) : body || null, { status, headers });

/** Of bytes: Deno sends nothing else. */
function streamOf(body: Readable): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<string | Uint8Array>;
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value);
    },
    cancel: () => void body.destroy(),
  });
}
