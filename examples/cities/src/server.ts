/** Listens at once and stays: `npm start`, with `koa` or `node` for the other two; the port is PORT or 3000. */
import { createServer } from 'node:http';
import { loadCities } from './bootstrap.js';
import { attribution } from './dataset.js';
import { announced } from './demo/announced.js';
import { Progress } from './demo/progress.js';
import * as express from './express-app.js';
import * as koa from './koa-app.js';
import * as node from './node-app.js';

const frameworks = { express, koa, node };
const framework = process.argv.find((word): word is keyof typeof frameworks => word in frameworks) ?? 'express';
const port = Number(process.env.PORT ?? 3000);

const origin = `http://127.0.0.1:${port}`;
console.log(`The cities of the world, with ${framework}, on ${origin}

  curl -i ${origin}/livez                   200 from the first moment
  curl -i ${origin}/readyz                  503 until the gate is open, then 200
  curl -i ${origin}/startupz                the same, but for ever
  curl '${origin}/cities?prefix=Ber'        held until the gate is open
  curl -d 'hello' ${origin}/notes           held with its body
  curl ${origin}/notes
  ${origin}/cities?prefix=Ber               in a browser: a page until then

Enter starts over with gate.reset(), Ctrl-C ends.
${attribution}
`);

const progress = new Progress(process.stdout);
const { listener, gate } = frameworks[framework].createApp(announced(loadCities, (event) => progress.show(event)));
const server = createServer(listener).listen(port, '127.0.0.1');

process.stdin.on('data', () => {
  gate
    .reset()
    .then(() => gate.ensureReady())
    .catch(console.error);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    process.stdin.destroy();
    server.close();
    server.closeIdleConnections();
    void gate.close();
  });
}
