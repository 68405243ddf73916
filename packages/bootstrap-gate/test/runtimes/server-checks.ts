/** What a gate does with requests to servers that begin to listen inside its bootstrap, and so inherit its async context. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http, { type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGate, type Gate } from '../../src/index.js';
import { bootstrapGate } from '../../src/doors/node/index.js';
import type { CoreCheck } from './core-checks.js';
import { deferred, turns } from './support.js';

export const serverChecks: readonly CoreCheck[] = [
  {
    id: 'D2a',
    title: "an outsider's request that awaits the gate is let in, also where the server listens inside the bootstrap",
    run: () =>
      outsider((gate) => (_req, res) => {
        const answer = async (): Promise<void> => {
          res.end(await gate.ensureReady());
        };
        answer().catch((error: Error) => res.end(error.message));
      }),
  },
  {
    id: 'D2b',
    title: "an outsider's request is held at the door, also where the server listens inside the bootstrap",
    run: () => outsider((gate) => bootstrapGate((_req, res) => res.end(gate.value), { gate })),
  },
];

/** Asks a server that listens inside the bootstrap for its answer while that is at work, from outside of it. */
async function outsider(listenerOf: (gate: Gate<string>) => RequestListener): Promise<void> {
  const listening = deferred<Server>();
  const work = deferred<string>();
  const gate: Gate<string> = createGate<string>({
    bootstrap: async () => {
      const server = http.createServer(listenerOf(gate)).listen(0, '127.0.0.1');
      await once(server, 'listening');
      listening.resolve(server);
      return await work.promise;
    },
  });
  const ready = gate.ensureReady();
  const server = await listening.promise;
  const { port } = server.address() as AddressInfo;
  try {
    const answer = ask(port);
    let isAnswered = false;
    void answer.then(() => (isAnswered = true));
    while (gate.waiting < 2 && !isAnswered) await turns(1);
    work.resolve('done');
    assert.equal(await answer, 'done');
    await ready;
  } finally {
    work.resolve('given up');
    server.close();
  }
}

const ask = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve(body));
    });
    request.on('error', reject);
  });
