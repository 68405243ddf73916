/** `bootstrapGate` and `gateServer` of the node package, with node:http and with the compatibility API of node:http2. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import http2, { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { Readable } from 'node:stream';
import { bootstrapGate, gateServer } from 'bootstrap-gate/node';
import { type Application, doorOptions, type Mount, type Setup } from './mount.js';

type Listener = (req: IncomingMessage, res: ServerResponse) => unknown;
/** What they are called with does what node:http's requests and responses do. */
type Http2Listener = (req: Http2ServerRequest, res: Http2ServerResponse) => void;

export const nodeMount: Mount = (setup) => http.createServer(gated(setup));

export const nodeHttp2Mount: Mount = (setup) => http2.createServer(gated(setup) as unknown as Http2Listener);

export const serverMount: Mount = (setup) => {
  const server = http.createServer(serve(setup.application));
  if (setup.upgrade) server.on('upgrade', setup.upgrade);
  gateServer(server, doorOptions(setup));
  return server;
};

export const serverHttp2Mount: Mount = (setup) => {
  const server = http2.createServer(serve(setup.application) as unknown as Http2Listener);
  gateServer(server, doorOptions(setup));
  return server;
};

function gated(setup: Setup): Listener {
  const { application, handler } = setup;
  if (!handler) return bootstrapGate(serve(application), doorOptions(setup));
  return bootstrapGate({ ...doorOptions(setup), handler: (value) => serve(handler(value)) });
}

/** Makes a listener of the application. */
export function serve(application: Application): Listener {
  return async (req, res) => {
    const reply = await application(req, res);
    if (!reply || res.destroyed) return;
    res.writeHead(reply.status, reply.headers);
    if (reply.body instanceof Readable) reply.body.pipe(res);
    else res.end(reply.body);
  };
}
