/** Every door in front of an application that says what it takes a request for. Their gates never open. */
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import http2, { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import type { Boot, Gate } from 'bootstrap-gate';
import * as forExpress from 'bootstrap-gate/express';
import * as forKoa from 'bootstrap-gate/koa';
import { bootstrapGate, gateServer } from 'bootstrap-gate/node';
import express4 from 'express4';
import express5 from 'express5';
import Koa2 from 'koa2';
import Koa3 from 'koa3';
import { exempt, health } from './paths.js';

export interface Mount {
  readonly name: string;
  readonly protocol: 'http1' | 'http2';
  readonly port: number;
  /** None, where Node alone answers: what it refuses, nobody can take for anything. */
  readonly gate: Gate<unknown> | undefined;
  close(): Promise<void>;
}

export interface Limits {
  readonly maxWaiting: number;
  readonly waitTimeoutMs: number;
}

/** A request that got through: where the router led it, and what Node said its target was. */
const reached = (res: Pick<ServerResponse, 'setHeader'>, route: string, url: string | undefined): void => {
  res.setHeader('X-Route', Buffer.from(route, 'latin1').toString('hex'));
  res.setHeader('X-Url', Buffer.from(url ?? '', 'latin1').toString('hex'));
};

/** What many applications on node:http do. */
const pathname = (url: string): string =>
  URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost').pathname : '';

const plain = (req: { url?: string | undefined }, res: ServerResponse): void => {
  reached(res, pathname(req.url ?? ''), req.url);
  res.end();
};

export async function mountAll(limits: Limits): Promise<Mount[]> {
  const options = () => {
    const bootstrap = ({ signal }: Boot): Promise<void> =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    const patient = { stallAfterMs: Infinity };
    return { ...limits, ...patient, bootstrap, exempt, health, waitingPage: true };
  };
  const gated = bootstrapGate(plain, options());
  const gatedStreams = bootstrapGate(
    (req: Http2ServerRequest, res: Http2ServerResponse) => plain(req, res as unknown as ServerResponse),
    options(),
  );
  const server = http.createServer(plain);
  const serverGate = gateServer(server, options());
  return await Promise.all([
    listen('Node alone', http.createServer(plain)),
    listen('node', http.createServer(gated), gated.gate),
    listen('gateServer', server, serverGate),
    listen('http2', http2.createServer(gatedStreams), gatedStreams.gate),
    ...[express4, express5].map((express, i) => {
      const gate = forExpress.bootstrapGate(options());
      return listen(`Express ${i + 4}`, http.createServer(expressApp(express as typeof express5, gate)), gate.gate);
    }),
    ...[Koa2, Koa3].map((Koa, i) => {
      const gate = forKoa.bootstrapGate(options());
      return listen(`Koa ${i + 2}`, http.createServer(koaApp(Koa as unknown as typeof Koa3, gate)), gate.gate);
    }),
  ]);
}

/** One gate in front of all, the same again below a mount path and in a mounted application; routes as users write them. */
function expressApp(express: typeof express5, gate: forExpress.GatedHandler<unknown>): RequestListener {
  const app = express();
  const route = (path: string) => (req: IncomingMessage, res: ServerResponse) => {
    reached(res, path, (req as IncomingMessage & { originalUrl: string }).originalUrl);
    res.end();
  };
  const below = express();
  below.use(gate);
  below.all('/open', route('/mount/open'));
  app.use('/mount', below);
  app.use(gate);
  for (const path of exempt.filter((path) => path !== '/b%2Fc')) app.all(path, route(path));
  app.use((req, res) => route(req.path)(req, res));
  return app as RequestListener;
}

function koaApp(Koa: typeof Koa3, gate: forKoa.GatedMiddleware<unknown>): RequestListener {
  const app = new Koa();
  app.silent = true;
  app.use(gate);
  app.use((ctx) => {
    reached(ctx.res, ctx.path, ctx.originalUrl);
    ctx.body = '';
  });
  const callback = app.callback();
  return (req, res) => void callback(req, res);
}

async function listen(name: string, server: Server, gate?: Gate<unknown>): Promise<Mount> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    await gate?.close();
    await new Promise((resolve) => server.close(resolve));
  };
  return { name, protocol: name === 'http2' ? 'http2' : 'http1', port, gate, close };
}
