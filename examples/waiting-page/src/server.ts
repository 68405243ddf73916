/** Listens and stays: `npm start`, with `express` or `koa`, `expose`, `fail`; the port is PORT or 3000. */
import { createServer } from 'node:http';
import { createGate } from 'bootstrap-gate';
import { type Framework, listeners } from './listeners.js';
import { opening } from './opening.js';

const words = process.argv.slice(2);
const framework = words.find((word): word is Framework => word in listeners) ?? 'node';
const port = Number(process.env.PORT ?? 3000);

let flights = 0;
const gate = createGate({
  name: 'shop',
  cooldownMs: 10_000,
  bootstrap: (boot) => {
    if (flights++ === 0 && words.includes('fail')) throw new Error('nobody has the key');
    return opening(500)(boot);
  },
});
const server = createServer(listeners[framework]({ gate, waitingPage: true, expose: words.includes('expose') }));
server.listen(port, '127.0.0.1', () => {
  console.log(`The shop, with ${framework}: http://127.0.0.1:${port} (the first visit opens it, which takes 25 s)`);
});
