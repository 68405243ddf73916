import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { bootstrapGate } from '../../../src/doors/node/index.js';
import { dial, listen, send } from './support/network.js';
import { never } from './support/never.js';
import { deferred, held } from './support/waiting.js';

/** What the call of the listener gave for a request that was held. */
async function resultOf(handle: (res: ServerResponse) => unknown): Promise<PromiseSettledResult<unknown>> {
  const boot = deferred();
  const gated = bootstrapGate((_req: IncomingMessage, res: ServerResponse) => handle(res), {
    bootstrap: () => boot.promise,
  });
  const results: unknown[] = [];
  const port = await listen(createServer((req, res) => results.push(gated(req, res))));
  const reply = send(port);
  await held(gated.gate, 1);
  expect(results).toEqual([expect.any(Promise)]);
  const settled = Promise.allSettled(results);
  boot.resolve();
  await reply;
  return (await settled)[0] as PromiseSettledResult<unknown>;
}

test('H8: a held request gives through its promise what the listener returns', async () => {
  expect(await resultOf((res) => (res.end(), 'returned'))).toEqual({ status: 'fulfilled', value: 'returned' });
  expect(await resultOf((res) => (res.end(), Promise.resolve('later')))).toEqual({
    status: 'fulfilled',
    value: 'later',
  });
});

test('H8: a held request gives through its promise what the listener throws or rejects with', async () => {
  const error = new Error('listener');
  const throwing = (res: ServerResponse): never => {
    res.end();
    throw error;
  };
  const rejected = { status: 'rejected', reason: error };
  expect(await resultOf(throwing)).toEqual(rejected);
  expect(await resultOf((res) => (res.end(), Promise.reject(error)))).toEqual(rejected);
});

test('H3, H8: a held request whose client has left gives nothing through its promise', async () => {
  const gated = bootstrapGate(() => {}, { bootstrap: never });
  const results: unknown[] = [];
  const port = await listen(createServer((req, res) => results.push(gated(req, res))));
  const client = await dial(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await held(gated.gate, 1);
  client.socket.destroy();
  expect(await results[0]).toBeUndefined();
  void gated.gate.close();
});
