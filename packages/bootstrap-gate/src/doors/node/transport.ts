/**
 * Floor `doors/node`: what is about Node: request objects, raw sockets, upgrades, self-requests. Not here: policy, frameworks.
 *
 * What all frameworks on node:http and node:http2 have in common.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { streamOf, writeAnswer } from './write-answer.js';
import type { RequestFacts } from '../../http/facts.js';
import type { Transport } from '../../http/transport.js';

/** What differs between them. The rest of a `Transport` may be replaced as well. */
export interface NodeBindings<A, B, C> extends Pick<Transport<A, B, C>, 'proceed' | 'forward' | 'isAwaited'> {
  request(a: A, b: B, c: C): IncomingMessage;
  response(a: A, b: B, c: C): ServerResponse;
  /** The request target as received, where the framework keeps it. Default: the `url` of the request. */
  target?(a: A, b: B, c: C): string | undefined;
  readonly answer?: Transport<A, B, C>['answer'];
}

export function nodeTransport<A, B = undefined, C = undefined>(bindings: NodeBindings<A, B, C>): Transport<A, B, C> {
  const { request, response, forward } = bindings;
  const target = (a: A, b: B, c: C): string => bindings.target?.(a, b, c) ?? request(a, b, c).url ?? '';
  return {
    answer: (answer, a, b, c) => writeAnswer(request(a, b, c), response(a, b, c), answer),
    ...bindings,
    target,
    facts: (a, b, c) => factsOf(request(a, b, c), target(a, b, c)),
    ...(forward && {
      forward(error, a, b, c) {
        const ends = error.code === 'ERR_GATE_CLOSED' && !streamOf(response(a, b, c));
        if (ends) error.headers = { ...error.headers, Connection: 'close' };
        return forward(error, a, b, c);
      },
    }),
    lead(ended, proceed, a, b, c) {
      const res = response(a, b, c);
      onEnd(res, (isWhole) => ended(isWhole ? res.statusCode : undefined));
      return proceed();
    },
    isGone: (a, b, c) => isGone(request(a, b, c), response(a, b, c)),
    client(a, b, c) {
      const res = response(a, b, c);
      return isEmitter(res) ? res : undefined;
    },
    connection: (a, b, c) => sharedConnection(request(a, b, c), response(a, b, c)),
    uncounted: (a, b, c) => (streamOf(response(a, b, c)) ? 0 : 1),
    hasBegun: (a, b, c) => response(a, b, c).headersSent || isGone(request(a, b, c), response(a, b, c)),
    watch: (source, listener) => void (source as NodeJS.EventEmitter).on('close', listener),
    unwatch: (source, listener) => void (source as NodeJS.EventEmitter).off('close', listener),
  };
}

export const factsOf = (req: IncomingMessage, target = req.url ?? ''): RequestFacts => new NodeFacts(req, target);

class NodeFacts implements RequestFacts {
  readonly raw: IncomingMessage;
  readonly target: string;

  constructor(raw: IncomingMessage, target: string) {
    this.raw = raw;
    this.target = target;
  }

  get method(): string {
    return this.raw.method ?? 'GET';
  }

  header(name: string): string | undefined {
    const { headers } = this.raw as Partial<IncomingMessage>;
    const value = headers?.[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** What has no ports is no socket, but what light-my-request and the like have made in its place. */
  get peer(): RequestFacts['peer'] {
    const socket = this.raw.socket as RequestFacts['peer'];
    return socket && 'remotePort' in socket ? socket : undefined;
  }
}

// Not every request was made by a server: serverless adapters and test tools make objects that are like Node's in what they
// need. What such an object cannot tell is not assumed.

function isGone(req: IncomingMessage, res: ServerResponse): boolean {
  const connection: { readonly destroyed?: boolean } | undefined = streamOf(res) ?? req.socket;
  return res.writableEnded || connection?.destroyed === true;
}

/** The session of an HTTP/2 request, the socket of a pipelined one: its response has no socket yet. */
function sharedConnection(req: IncomingMessage, res: ServerResponse): object | undefined {
  const stream = streamOf(res);
  if (stream) return (req as unknown as Http2ServerRequest).stream.session;
  return res.socket || !isEmitter(req.socket) ? undefined : req.socket;
}

/** Whether the response went out whole. */
function isWhole(res: ServerResponse): boolean {
  const stream = streamOf(res);
  if (stream) return res.writableEnded && stream.rstCode === 0;
  return res.writableFinished;
}

/** Calls back when a response is over, with whether it went out whole; where nothing tells, when it is ended. */
function onEnd(res: ServerResponse, call: (isWhole: boolean) => void): void {
  if (isEmitter(res)) {
    // Without a connection a response finishes although Node says that nothing of it went out.
    res.once('finish', () => call(!streamOf(res) || isWhole(res)));
    return void res.once('close', () => call(isWhole(res)));
  }
  const { end } = res as { end: (...args: unknown[]) => unknown };
  Object.assign(res, {
    end(this: unknown, ...args: unknown[]): unknown {
      const ended = Reflect.apply(end, this, args);
      call(true);
      return ended;
    },
  });
}

function isEmitter(value: unknown): value is NodeJS.EventEmitter {
  const { once, off } = Object(value) as Partial<NodeJS.EventEmitter>;
  return typeof once === 'function' && typeof off === 'function';
}
