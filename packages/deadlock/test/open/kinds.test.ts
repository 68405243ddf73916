/** What is open, kind by kind, in programs of their own: a test runner has handles too. */
import { run } from '../explain/program.js';
import type { OpenThing } from '../../src/index.js';

/** What is open when `ready()` is called. */
function openIn(source: string): OpenThing[] {
  const head = `lib.recordOpen(); const ready = () => { print(lib.whatIsOpen()); process.exit(); };`;
  return run<OpenThing[]>(`${head}\n${source}`).printed;
}

const textsOf = (things: readonly OpenThing[], kind: OpenThing['kind']): string[] =>
  things.filter((thing) => thing.kind === kind).map(({ text }) => text);

test('D6: timers are counted', () => {
  const things = openIn(`for (let n = 0; n < 3; n++) setTimeout(() => {}, 60_000); setImmediate(ready);`);
  expect(things).toContainEqual({ kind: 'timer', text: 'timer', count: 3, isSuspect: false });
});

test('D6: a file watch is told', () => {
  const things = openIn(`require('node:fs').watch(__dirname); setImmediate(ready);`);
  expect(textsOf(things, 'file watch')).toEqual(['file watch']);
});

test('D6: a server is told with its connections, and one that was closed with what it waits for', () => {
  const source = (then: string): string => `const net = require('node:net');
const server = net.createServer(() => { ${then} setImmediate(ready); });
server.listen(0, '127.0.0.1', () => net.connect(server.address().port, '127.0.0.1'));`;
  expect(textsOf(openIn(source('')), 'server')).toEqual([
    expect.stringMatching(/^server on 127\.0\.0\.1:\d+, 1 connection$/),
  ]);
  expect(textsOf(openIn(source('server.close();')), 'server')).toEqual([
    'server that was closed waits for its connections, 1 connection',
  ]);
});

const bigServer = `const http = require('node:http');
const server = http.createServer((req, res) => { if (req.url !== '/silent') res.end('x'.repeat(1e6)); });
const listening = new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));`;

test('D6: a response of http that nothing reads is told, and what waits for its socket', () => {
  const things = openIn(`${bigServer}
listening.then((port) => {
  const agent = new http.Agent({ maxSockets: 1, keepAlive: true });
  const get = (path) => http.get({ port, host: '127.0.0.1', path, agent });
  get('/first').on('response', () => setImmediate(ready));
  get('/second');
});`);
  expect(textsOf(things, 'connection')).toContainEqual(
    expect.stringMatching(/^connection to 127\.0\.0\.1:\d+: .*GET \/first: nothing reads its response/),
  );
  expect(textsOf(things, 'queued requests')).toEqual([
    expect.stringMatching(/^1 request to 127\.0\.0\.1:\d+ waits for one of 1 sockets \(maxSockets 1\): GET \/second$/),
  ]);
});

test('D6: a request of fetch without a response is told, and one whose body is unread', () => {
  const things = openIn(`${bigServer}
listening.then(async (port) => {
  server.on('request', ({ url }) => { if (url === '/silent') setImmediate(ready); });
  globalThis.held = await fetch('http://127.0.0.1:' + port + '/unread');
  void fetch('http://127.0.0.1:' + port + '/silent');
});`);
  expect(textsOf(things, 'response')).toEqual([
    expect.stringMatching(/^GET http:\S+\/unread has a response whose body has not been read to its end$/),
    expect.stringMatching(/^GET http:\S+\/silent has no response for \d+\.\d s$/),
  ]);
});

test('D6: a TLS handshake that the peer does not answer is told', () => {
  const things = openIn(`const net = require('node:net');
const server = net.createServer((peer) => peer.once('data', ready));
server.listen(0, '127.0.0.1', () => require('node:tls').connect(server.address().port, '127.0.0.1'));`);
  expect(textsOf(things, 'connecting')).toEqual([
    expect.stringMatching(/^TLS handshake with 127\.0\.0\.1:\d+ has not been answered$/),
  ]);
});

test('D6: a child that is stopped is told as such, on Linux', () => {
  const things = openIn(`const { spawn } = require('node:child_process');
const { readFileSync } = require('node:fs');
const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
process.on('exit', () => child.kill('SIGKILL'));
child.kill('SIGSTOP');
const look = () => (/^State:\\s+T/m.test(readFileSync('/proc/' + child.pid + '/status', 'utf8')) ? ready() : setImmediate(look));
look();`);
  expect(textsOf(things, 'child')).toEqual([expect.stringContaining('it is stopped (SIGSTOP)')]);
});

test('D6: an open of a pipe that has no writer is told as a file operation', () => {
  const things = openIn(`const pipe = __dirname + '/pipe';
require('node:child_process').execFileSync('mkfifo', [pipe]);
const fs = require('node:fs');
fs.open(pipe, () => {});
// Node waits at its end for what its threads do: a writer ends that.
process.on('exit', () => fs.openSync(pipe, 'r+'));
setImmediate(ready);`);
  expect(textsOf(things, 'file')).toEqual(['file operation that has not ended']);
});
