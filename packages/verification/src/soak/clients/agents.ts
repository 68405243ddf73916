/** node:http's own client: one request on a connection of its own, and many that share connections. */
import http from 'node:http';
import type { Entry } from '../ledger/entry.js';
import type { Client } from './client.js';

export const single: Client<'single'> = async ({ ask, kind }, site, { requests }) => {
  await send(requests.open(kind, ask, site.facts), site.port, false);
};

export const keepAlive: Client<'keep-alive'> = async ({ asks, sockets, kind }, site, { requests }) => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: sockets });
  const entries = asks.map((ask) => requests.open(kind, ask, site.facts));
  await Promise.all(entries.map((entry) => send(entry, site.port, agent)));
  agent.destroy();
};

/** Resolves when the request has ended, and its connection where it is its own. */
function send(entry: Entry, port: number, agent: http.Agent | false): Promise<void> {
  const { target: path, headers } = entry;
  const request = http.request({ host: '127.0.0.1', port, path, method: entry.ask.method, headers, agent });
  request.on('error', ({ message }) => entry.cut(message));
  request.on('response', (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', ({ message }) => entry.cut(`amid its answer: ${message}`));
    response.on('end', () => {
      const { statusCode: status = 0, headers } = response;
      if (response.complete) entry.answered({ status, headers, body: Buffer.concat(chunks) });
      else entry.cut('amid its answer');
    });
  });
  request.end(entry.body);
  return new Promise((resolve) => {
    request.once('close', () => {
      entry.cut('the connection ended');
      resolve();
    });
  });
}
