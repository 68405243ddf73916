/** How the conformance checks mount the node adapter. */
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import http2, { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { Readable } from 'node:stream';
import { type Adapter, type Application, listen, type Setup } from '@bootstrap-gate/conformance';
import { bootstrapGate } from '../../../src/doors/node/index.js';

export type Listener = (req: IncomingMessage, res: ServerResponse) => unknown;

/** Makes the listener under test; broken ones must fail. */
export type MakeGate = (setup: Setup) => Listener;

export const realGate: MakeGate = ({
  options: { gate, waitTimeoutMs, maxWaiting, exempt, health, waitingPage, expose },
  application,
  handler,
}) => {
  const options = { gate, waitTimeoutMs, maxWaiting, exempt, health, waitingPage, expose };
  if (!handler) return bootstrapGate(serve(application), options);
  return bootstrapGate({ ...options, handler: (value) => serve(handler(value)) });
};

const features: Adapter['features'] = ['handler', 'connection', 'rawTarget'];

export const http1Adapter = (gate = realGate): Adapter => ({
  features,
  mount: (setup) => listen(http.createServer(server(setup, gate(setup)))),
});

/** The compatibility API: its requests and responses do what those of node:http do. */
export const http2Adapter = (gate = realGate): Adapter => ({
  protocol: 'http2',
  features,
  mount(setup) {
    const listener = server(setup, gate(setup)) as unknown as (
      req: Http2ServerRequest,
      res: Http2ServerResponse,
    ) => void;
    return listen(http2.createServer(listener));
  },
});

/** What stands around the listener: middleware, and error handling for all that it throws or rejects with. */
export const server =
  ({ before, onError }: Setup, gated: Listener): RequestListener =>
  (req, res) => {
    const failed = (error: unknown): void => {
      onError(error);
      res.statusCode = 500;
      res.end();
    };
    try {
      Promise.resolve(before(req, () => gated(req, res))).catch(failed);
    } catch (error) {
      failed(error);
    }
  };

export const serve =
  (application: Application): Listener =>
  (req, res) => {
    const reply = application(req);
    return Promise.resolve(reply).then((reply) => {
      if (!reply) return;
      res.writeHead(reply.status, reply.headers);
      if (reply.body instanceof Readable) reply.body.pipe(res);
      else res.end(reply.body);
    });
  };
