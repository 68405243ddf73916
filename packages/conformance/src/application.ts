/** The application behind the gate: it notes what reaches it, and misbehaves on request. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { currentStore, runWithStore } from './context.js';
import type { Application, Incoming, Reply, Setup } from './types.js';
import { type Deferred, deferred } from './wait.js';

/** What an echo tells about its request. */
export interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Incoming['headers'];
  readonly bytes: number;
  readonly sha256: string;
  /** The request's own store, after its body was read. */
  readonly store: string | null;
}

/** What happens in front of the gate. */
interface InFront {
  readonly bodyFirst?: boolean;
  readonly inFront?: (req: Incoming) => Promise<unknown>;
}

export type Routes = Readonly<Record<string, Application>>;

export class TestApplication {
  /** The request targets that reached it, in order. */
  readonly calls: string[] = [];
  /** `/slow` answers when this is resolved. */
  readonly slow = deferred();
  /** `/stream` sends `begin`, and `end` when this is resolved. */
  readonly streamed = deferred();
  /** What `/throw` throws at once and `/reject` rejects with later. */
  readonly error = new Error('the application failed');
  readonly #bodies = new WeakMap<Incoming, Buffer>();
  readonly #arrivals = new Map<string, Deferred<void>>();
  readonly #routes: Routes;

  constructor(routes: Routes = {}) {
    this.#routes = {
      '/slow': () => this.slow.promise.then(() => reply('slow')),
      '/stream': () => ({ ...reply(''), body: Readable.from(this.#stream()) }),
      '/throw': () => {
        throw this.error;
      },
      '/reject': async () => {
        await Promise.resolve();
        throw this.error;
      },
      ...routes,
    };
  }

  /** Resolves when a request with this target has reached the application. */
  reached(target: string): Promise<void> {
    return this.#arrival(target).promise;
  }

  readonly handle: Application = (req) => {
    const target = targetOf(req);
    this.calls.push(target);
    this.#arrival(target).resolve();
    const route = this.#routes[target.split('?')[0] ?? ''];
    return route ? route(req) : this.echo(req);
  };

  readonly echo: Application = async (req) => {
    const body = this.#bodies.get(req) ?? (await bodyOf(req));
    const echo = {
      method: req.method,
      url: targetOf(req),
      headers: req.headers,
      bytes: body.length,
      sha256: sha256(body),
      store: currentStore() ?? null,
    };
    return reply(JSON.stringify(echo), { 'Content-Type': 'application/json' });
  };

  /** Middleware in front of the gate: gives the request its store, which a header names; waits or reads the body first. */
  middleware({ bodyFirst = false, inFront }: InFront): Setup['before'] {
    const before: Setup['before'] = (req, next) => runWithStore(String(req.headers['x-store']), next);
    if (!bodyFirst && !inFront) return before;
    return async <R>(req: Incoming, next: () => R): Promise<Awaited<R>> => {
      await inFront?.(req);
      if (bodyFirst) this.#bodies.set(req, await bodyOf(req));
      return await before(req, next);
    };
  }

  async *#stream(): AsyncGenerator<string> {
    yield 'begin ';
    await this.streamed.promise;
    yield 'end';
  }

  #arrival(target: string): Deferred<void> {
    const arrival = this.#arrivals.get(target) ?? deferred();
    this.#arrivals.set(target, arrival);
    return arrival;
  }
}

export const reply = (body: string, headers: Reply['headers'] = {}, status = 200): Reply => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
  body,
});

export const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

const targetOf = (req: Incoming): string => req.originalUrl ?? req.url ?? '';

async function bodyOf(req: Incoming): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
