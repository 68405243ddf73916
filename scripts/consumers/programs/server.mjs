// What the programs do with a framework: a request that comes during the bootstrap is held, and answered with its result.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';

/** Serves through the gate that `bootstrapGate` makes from these options; returns the gate. */
export async function answerThrough(framework, bootstrapGate, makeOptions = (bootstrap) => ({ bootstrap })) {
  let finish;
  const gated = bootstrapGate(makeOptions(() => new Promise((resolve) => (finish = resolve))));
  const { gate } = gated;
  const server = http.createServer(application(framework, gated)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/`;
  const held = fetch(url, { headers: { connection: 'close' } });
  while (gate.waiting === 0) await new Promise(setImmediate);
  finish('built');
  const answers = [await held, await fetch(url, { headers: { connection: 'close' } })];
  assert.deepEqual(await Promise.all(answers.map((answer) => answer.text())), ['built', 'built']);
  await gate.close();
  await once(server.close(), 'close');
  return gate;
}

function application(framework, gated) {
  if (framework.Router) {
    const app = framework();
    app.use(gated, (_req, res) => void res.send(gated.gate.value));
    return app;
  }
  const app = new framework();
  app.use(gated).use((ctx) => void (ctx.body = gated.gate.value));
  return app.callback();
}
