/** `shutdownOnSignal`, in processes of their own that get real signals. */
import { createServer } from 'node:http';
import { createGate } from '../src/index.js';
import { shutdownOnSignal } from '../src/shutdown.js';
import { prepareChildren } from './child.js';

const children = prepareChildren();
afterAll(() => children.remove());

/** A gated server that prints what happens to it; `program` goes on when it listens and the gate is open. */
const server = (options: string, program: string, handler = `(req, res) => res.end('ok')`): string => `
  const http = require('node:http');
  const { once } = require('node:events');
  const say = (text) => console.log(text);
  const server = http.createServer(${handler});
  const gate = gateServer(server, {
    name: 'shop', eager: true, health: true,
    bootstrap: { run: () => 'value', stop: () => say('stopped') },
  });
  const get = (path, options) => new Promise((resolve) => {
    const req = http.get({ port: server.address().port, path, ...options }, (res) => {
      res.resume().on('end', () => resolve(res.statusCode + ' ' + res.headers.connection));
    }).on('error', (error) => resolve(error.code));
  });
  const { close } = server;
  server.close = (then) => { say('no longer accepting'); return close.call(server, then); };
  const takeOff = shutdownOnSignal(server, gate, ${options});
  server.listen(0, async () => { await gate.ensureReady(); ${program} });
  const kill = (signal = 'SIGTERM') => process.kill(process.pid, signal);
  gate.onChange(say);
  process.on('exit', (code) => say('exit'));`;

test('on a signal the gate drains while requests still pass, then the server, the callback and the gate end in order', async () => {
  const { code, stdout } = await children.run(
    server(
      `{ drainMs: 500, onShutdown: () => say('callback') }`,
      `gate.onChange(async (state) => {
         if (state === 'draining') say('readyz ' + parseInt(await get('/readyz'))), say('page ' + (await get('/')));
       });
       kill();`,
    ),
  );
  expect(stdout.split('\n').slice(1)).toEqual([
    'draining',
    'readyz 503',
    'page 200 close',
    'no longer accepting',
    'callback',
    'closed',
    'stopped',
    'exit',
    '',
  ]);
  expect(code).toBe(0);
});

test('a request in flight is answered before the callback is called and the resources are closed', async () => {
  const { code, stdout } = await children.run(
    server(
      `{ onShutdown: () => say('callback') }`,
      `get('/slow').then((answer) => say(answer));`,
      `(req, res) => { kill(); setTimeout(() => { say('answering'); res.end('ok'); }, 200); }`,
    ),
  );
  expect(code).toBe(0);
  expect(stdout.indexOf('answering')).toBeLessThan(stdout.indexOf('callback'));
  expect(stdout.indexOf('callback')).toBeLessThan(stdout.indexOf('stopped'));
  expect(stdout).toContain('200 close');
});

test('a request that is never answered is cut, the resources are closed all the same, and the exit code is 1', async () => {
  const { code, stdout, stderr } = await children.run(
    server(`{ timeoutMs: 400 }`, `get('/').then((answer) => say(answer));`, `() => kill()`),
  );
  expect(code).toBe(1);
  expect(stdout).toContain('stopped\n');
  expect(stdout).toContain('ECONNRESET');
  expect(stderr).toContain('[GATE_UNFINISHED] BootstrapGateWarning: Shutdown: 1 requests were cut after 200 ms.');
});

test('connections on which nothing is asked do not keep the process', async () => {
  const { code, stdout } = await children.run(
    server(
      '{}',
      `require('node:net').connect(server.address().port).on('connect', () => get('/', { agent: new http.Agent({ keepAlive: true }) }).then(() => kill()));`,
    ),
  );
  expect(code).toBe(0);
  expect(stdout).toContain('stopped\nexit\n');
});

test('a bootstrap that is under way is aborted, and what is held is denied at once', async () => {
  const { code, stdout } = await children.run(`
    const http = require('node:http');
    const server = http.createServer((req, res) => res.end());
    const gate = gateServer(server, { bootstrap: (boot) => new Promise((_, reject) => {
      boot.signal.addEventListener('abort', () => { console.log('aborted'); reject(boot.signal.reason); });
      process.kill(process.pid, 'SIGTERM');
    }) });
    shutdownOnSignal(server, gate, { drainMs: 3_600_000 });
    server.listen(0, () => http.get({ port: server.address().port }, (res) => console.log(res.statusCode)));`);
  expect([code, stdout]).toEqual([0, 'aborted\n503\n']);
});

test.each([
  [
    'a callback that throws',
    `{ onShutdown: () => { throw new Error('no') } }`,
    /GATE_CALLBACK_FAILED.*onShutdown failed: no/,
  ],
  [
    'a callback that hangs',
    `{ timeoutMs: 300, onShutdown: () => new Promise(() => {}) }`,
    /GATE_UNFINISHED.*onShutdown has not ended in time/,
  ],
])('%s makes the exit code 1, and the gate is closed all the same', async (_what, options, warning) => {
  const { code, stdout, stderr } = await children.run(server(options, 'kill();'));
  expect(code).toBe(1);
  expect(stdout).toContain('stopped\n');
  expect(stderr).toMatch(warning);
});

test('a second signal exits at once with code 1', async () => {
  const { code, stdout } = await children.run(
    server(`{ drainMs: 3_600_000 }`, `gate.onChange(() => kill('SIGINT')); kill();`),
  );
  expect(code).toBe(1);
  expect(stdout).not.toContain('stopped');
});

test('the returned function takes the handlers off', () => {
  const before = process.listenerCount('SIGTERM');
  const plain = createServer();
  const takeOff = shutdownOnSignal(plain, createGate({ bootstrap: () => 1 }));
  expect(process.listenerCount('SIGTERM')).toBe(before + 1);
  takeOff();
  expect([process.listenerCount('SIGTERM'), plain.listenerCount('request')]).toEqual([before, 0]);
});

test('a wrong option is a TypeError that names it', () => {
  const gate = createGate({ bootstrap: () => 1 });
  expect(() => shutdownOnSignal(createServer(), gate, { signals: ['TERM' as 'SIGTERM'] })).toThrow(
    /^shutdownOnSignal: option "signals" must be an array of signals such as 'SIGTERM'/,
  );
  expect(() => shutdownOnSignal(createServer(), gate, { timeoutMs: Infinity })).toThrow(/option "timeoutMs"/);
});
