// What the programs do with a framework: a request that comes during the bootstrap is held, and answered with its result.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';

/** Serves through the gate that `bootstrapGate` makes from these options. */
export async function answerThrough(framework, bootstrapGate, makeOptions) {
  await holdAndAnswer(async (options) => {
    const gated = bootstrapGate(options);
    const server = http.createServer(application(framework, gated)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { gate: gated.gate, server };
  }, makeOptions);
}

/** @param serve makes a server with a gate from these options; it answers with the value of the gate */
export async function holdAndAnswer(serve, makeOptions = (bootstrap) => ({ bootstrap })) {
  let finish;
  const { gate, server } = await serve(makeOptions(() => new Promise((resolve) => (finish = resolve))));
  const url = `http://127.0.0.1:${server.address().port}/`;
  const held = fetch(url, { headers: { connection: 'close' } });
  while (gate.waiting === 0) await new Promise(setImmediate);
  finish('built');
  const answers = [await held, await fetch(url, { headers: { connection: 'close' } })];
  assert.deepEqual(await Promise.all(answers.map((answer) => answer.text())), ['built', 'built']);
  await gate.close();
  await once(server.close(), 'close');
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
