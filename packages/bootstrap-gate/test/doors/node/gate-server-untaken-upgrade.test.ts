import { createServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { gateServer } from '../../../src/doors/node/index.js';
import { certificate } from './support/certificate.js';
import { dial, listen, type RawClient } from './support/network.js';
import { deferred, held, until } from './support/waiting.js';
import { never } from './support/never.js';

const headers = 'Host: x\r\nX-Twice: one\r\nX-Twice: two\r\nConnection: Upgrade, HTTP2-Settings\r\n';
const h2c = 'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n';

function respond(server: Server): Server {
  return server.on('request', (req, res) => {
    void req.toArray().then((parts) => {
      const body = Buffer.concat(parts as Buffer[]).toString('latin1');
      const { 'x-twice': twice, 'x-connection': one, 'upgrade-insecure-requests': other } = req.headers;
      const lookalikes = one && other ? [one, other] : undefined;
      res.end(JSON.stringify({ method: req.method, url: req.url, body, twice, lookalikes }));
    });
  });
}

const tls = (port: number, text: string): Promise<RawClient> =>
  dial(port, text, () => connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }));

const servers = [
  ['http', () => createServer(), dial],
  ['https', () => createHttpsServer(certificate), tls],
] as const;

describe.each(servers)('%s', (_name, create, connect) => {
  async function answerTo(text: string, rest = ''): Promise<{ head: string; body: unknown }> {
    const boot = deferred();
    const server = respond(create());
    const gate = gateServer(server, { bootstrap: () => boot.promise });
    const client = await connect(await listen(server), text);
    await held(gate, 1);
    boot.resolve();
    await gate.ensureReady();
    if (rest) client.socket.write(rest);
    const all = await client.ended;
    const [head = '', body = ''] = all.split('\r\n\r\n', 2);
    return { head, body: JSON.parse(Buffer.from(body, 'latin1').toString()) };
  }

  test('H5: an h2c upgrade that nobody takes goes to request, and its connection closes', async () => {
    const { head, body } = await answerTo(`GET /plain HTTP/1.1\r\n${headers}${h2c}\r\n`);
    expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(head).toMatch(/\r\nConnection: close/i);
    expect(body).toEqual({ method: 'GET', url: '/plain', body: '', twice: 'one, two' });
  });

  test('H1, H5: its other headers arrive, also those whose names look alike', async () => {
    const lookalikes = 'X-Connection: a\r\nUpgrade-Insecure-Requests: 1\r\n';
    const { body } = await answerTo(`GET /headers HTTP/1.1\r\n${headers}${h2c}${lookalikes}\r\n`);
    expect(body).toMatchObject({ lookalikes: ['a', '1'] });
  });

  test('H1, H5: its body arrives, with a content length', async () => {
    const text = `POST /sized HTTP/1.1\r\n${headers}${h2c}Content-Length: 11\r\n\r\nhello world`;
    expect((await answerTo(text)).body).toMatchObject({ method: 'POST', url: '/sized', body: 'hello world' });
  });

  test('H1, H5: its body arrives, in chunks', async () => {
    const text = `POST /chunks HTTP/1.1\r\n${headers}${h2c}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n`;
    expect((await answerTo(text)).body).toMatchObject({ url: '/chunks', body: 'hello world' });
  });

  test('H1, H5: a chunked body of nothing arrives as such', async () => {
    const text = `POST /none HTTP/1.1\r\n${headers}${h2c}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`;
    expect((await answerTo(text)).body).toMatchObject({ method: 'POST', url: '/none', body: '' });
  });

  test('H1, H5: its body arrives, where the rest of it comes after admission', async () => {
    const text = `POST /late HTTP/1.1\r\n${headers}${h2c}Content-Length: 11\r\n\r\nhello`;
    expect((await answerTo(text, ' world')).body).toMatchObject({ url: '/late', body: 'hello world' });
  });

  test('H1, H5: header values outside ASCII and a body of any bytes stay as they are', async () => {
    const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
    const text = `POST /bytes HTTP/1.1\r\nHost: x\r\nX-Twice: caf\xe9\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 256\r\n\r\n${bytes}`;
    expect((await answerTo(text)).body).toMatchObject({ body: bytes, twice: 'caf\xe9' });
  });

  test('H5: Node alone answers an upgrade without listeners in the same way once the gate is open', async () => {
    const server = respond(create());
    const gate = gateServer(server, { bootstrap: () => undefined });
    const port = await listen(server);
    await gate.ensureReady();
    const client = await connect(
      port,
      `GET /after HTTP/1.1\r\n${headers.replace('Upgrade', 'Upgrade, close')}${h2c}\r\n`,
    );
    expect(await client.ended).toContain('"url":"/after"');
  });
});

test('H5: an untaken upgrade that is exempt goes to request at once', async () => {
  const server = respond(createServer());
  const gate = gateServer(server, { bootstrap: never, exempt: ['/open'] });
  const client = await dial(await listen(server), `GET /open HTTP/1.1\r\n${headers}${h2c}\r\n`);
  expect(await client.ended).toContain('"url":"/open"');
  expect(gate.state).toBe('idle');
});

test('H1, H5: an untaken upgrade is handled once, also when it asks to continue', async () => {
  const boot = deferred();
  const served = jest.fn();
  const server = respond(createServer(served));
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  const text = `POST / HTTP/1.1\r\n${headers}${h2c}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`;
  const client = await dial(await listen(server), text);
  await held(gate, 1);
  boot.resolve();
  await client.until('100 Continue');
  client.socket.write('apple');
  expect(await client.ended).toContain('"body":"apple"');
  expect(served).toHaveBeenCalledTimes(1);
});

test('N4, H5: a health path is answered on an upgrade too, before and after the gate opens', async () => {
  const server = respond(createServer());
  server.on('upgrade', (_req, socket) => socket.end('taken'));
  const gate = gateServer(server, { bootstrap: () => undefined, health: true });
  const port = await listen(server);
  const wish = (path: string): string => `GET ${path} HTTP/1.1\r\n${headers}${h2c}\r\n`;
  expect(await (await dial(port, wish('/readyz'))).ended).toMatch(/^HTTP\/1\.1 503 .*not ok\n$/s);
  await gate.ensureReady();
  expect(await (await dial(port, wish('/readyz'))).ended).toMatch(/^HTTP\/1\.1 200 .*ok\n$/s);
  expect(await (await dial(port, wish('/'))).ended).toBe('taken');
});

test('N4, H5: a client that resets after its health answer on an upgrade harms nothing', async () => {
  const server = respond(createServer());
  const gate = gateServer(server, { bootstrap: () => undefined, health: true });
  const port = await listen(server);
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  server.on('upgrade', () => {});
  const askAndReset = async (): Promise<void> => {
    const open = (): Socket => connectTcp({ port, host: '127.0.0.1', allowHalfOpen: true });
    const client = await dial(port, `GET /livez HTTP/1.1\r\n${headers}${h2c}\r\n`, open);
    await client.until('ok\n');
    client.socket.resetAndDestroy();
    await until(() => sockets.at(-1)?.closed === true);
  };
  await askAndReset();
  await gate.ensureReady();
  await askAndReset();
  expect(sockets.map(({ errored }) => errored)).toMatchObject([{ code: 'ECONNRESET' }, { code: 'ECONNRESET' }]);
});

test('H1, H5: an upgrade that comes while the bodies of untaken ones still arrive is served once', async () => {
  const boot = deferred();
  const served: string[] = [];
  const server = respond(createServer((req) => served.push(req.url ?? '')));
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  const port = await listen(server);
  const wish = (path: string): string => `POST ${path} HTTP/1.1\r\n${headers}${h2c}Content-Length: 5\r\n\r\n`;
  const slow = [await dial(port, wish('/1')), await dial(port, wish('/2'))];
  await held(gate, 2);
  boot.resolve();
  await until(() => served.length === 2);

  const late = await dial(port, `GET /3 HTTP/1.1\r\n${headers.replace('Upgrade', 'Upgrade, close')}${h2c}\r\n`);
  expect(await late.ended).toContain('"url":"/3"');
  for (const { socket } of slow) socket.write('apple');
  for (const { ended } of slow) expect(await ended).toContain('"body":"apple"');
  expect(served.sort()).toEqual(['/1', '/2', '/3']);
  expect(server.rawListeners('upgrade')).toEqual([]);
});
