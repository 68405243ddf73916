/**
 * A server whose request handler throws or rejects for some of the held requests. Prints what every client got, and
 * what reached the process as an uncaught exception or unhandled rejection.
 */
import { EventEmitter } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bootstrapGate, gateServer } from '../../../../src/doors/node/index.js';

const [door, failure, capture] = process.argv.slice(2);

const uncaught: string[] = [];
process.on('uncaughtException', (error: Error, origin) => uncaught.push(`${origin}: ${error.message}`));

const handler = (req: IncomingMessage, res: ServerResponse): unknown => {
  if (!req.url?.startsWith('/bad')) return res.end('ok');
  setImmediate(() => void (res.writableEnded || res.destroy())); // so that the client hears the end where nobody answers
  if (failure === 'throw') throw new Error(req.url);
  return Promise.reject(new Error(req.url));
};

let open = (): void => {};
const bootstrap = (): Promise<void> => new Promise((resolve) => (open = resolve));
EventEmitter.captureRejections = capture === 'capture';
const server = createServer();
let waiting = (): number => 0;
if (door === 'listener') {
  const gated = bootstrapGate(handler, { bootstrap });
  server.on('request', gated);
  waiting = () => gated.gate.waiting;
} else if (door === 'server') {
  server.on('request', handler);
  const gate = gateServer(server, { bootstrap });
  waiting = () => gate.waiting;
} else {
  server.on('request', handler);
}

const ask = (port: number, path: string): Promise<string> =>
  new Promise((resolve) => {
    const request = get({ port, path, agent: false }, (response) => {
      response.resume();
      resolve(`${path} ${response.statusCode}`);
    });
    request.on('error', () => resolve(`${path} broken`));
  });

async function main(): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const answers: Promise<string>[] = [];
  for (const path of ['/1', '/bad1', '/2', '/bad2', '/3']) {
    answers.push(ask(port, path));
    while (door !== 'none' && waiting() < answers.length) await turn();
  }
  open();
  const replies = await Promise.all(answers);
  replies.push(await ask(port, '/bad-later'), await ask(port, '/later'));
  await turn();
  server.close();
  console.log(JSON.stringify({ replies, uncaught }));
}

server.listen(0, '127.0.0.1', () => void main());
