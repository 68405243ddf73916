import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import { writeAnswer } from '../../src/doors/node/write-answer.js';
import type { Answer } from '../../src/http/answer.js';
import { atEnd, dial, listen, type Reply, send } from '../doors/node/support/network.js';
import { deferred, turn } from '../doors/node/support/waiting.js';

const answer: Answer = { status: 503, headers: { 'X-By': 'gate' }, body: 'ä not ready\n' };

const replyTo = async (handle: (req: IncomingMessage, res: ServerResponse) => void): Promise<Reply> =>
  send(await listen(createServer(handle)));

test('N1: an answer goes out with its length in bytes, and leaves the connection to the next request', async () => {
  const { status, headers, body } = await replyTo((req, res) => writeAnswer(req, res, answer));
  expect([status, headers['x-by'], headers['content-length'], body]).toEqual([503, 'gate', '13', answer.body]);
  const port = await listen(createServer((req, res) => writeAnswer(req, res, answer)));
  const client = await dial(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2));
  const both = await client.until('not ready\n');
  expect(both).not.toMatch(/^connection: close/im);
});

test('H7: the last answer of a connection says so, and ends it', async () => {
  const port = await listen(createServer((req, res) => writeAnswer(req, res, { ...answer, isLast: true })));
  const client = await dial(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(await client.ended).toMatch(/^connection: close\r$/im);
});

test('H10: a response whose headers are out already is cut, since nothing else would end it', async () => {
  const begun = replyTo((req, res) => {
    res.write('own');
    writeAnswer(req, res, answer);
  });
  await expect(begun).rejects.toThrow('socket hang up');
});

test('H1: what has been answered is left as it is', async () => {
  const ended = await replyTo((req, res) => {
    res.end('own answer');
    writeAnswer(req, res, answer);
  });
  expect(ended).toMatchObject({ status: 200, body: 'own answer' });
});

test('H3: a response whose connection was destroyed gets no answer, and no error', async () => {
  const errors: unknown[] = [];
  const done = deferred();
  const reply = replyTo((req, res) => {
    res.on('error', (error) => errors.push(error));
    res.destroy();
    writeAnswer(req, res, answer);
    void turn().then(done.resolve);
  });
  await expect(reply).rejects.toThrow();
  await done.promise;
  expect(errors).toEqual([]);
});

test('H3: a stream that was destroyed gets no answer, and no error', async () => {
  const called = deferred<() => void>();
  const server = createHttp2Server((req, res) => {
    res.stream.destroy();
    const gone = res.stream.session === undefined;
    called.resolve(() => {
      expect(gone).toBe(true);
      writeAnswer(req as never, res as never, { ...answer, isLast: true });
    });
  });
  const session = connect(`http://127.0.0.1:${await listen(server)}`);
  atEnd(() => session.destroy());
  session.request({ ':path': '/' }).on('error', () => {});
  const write = await called.promise;
  expect(write).not.toThrow();
});

test('H6: over HTTP/2 a last answer ends the session, and HEAD gets a head alone', async () => {
  const errors: unknown[] = [];
  const server = createHttp2Server((req, res) => {
    res.stream.on('error', (error) => errors.push(error));
    writeAnswer(req as never, res as never, { ...answer, isLast: req.method === 'HEAD' });
  });
  const session = connect(`http://127.0.0.1:${await listen(server)}`);
  atEnd(() => session.destroy());
  const ask = (method: string): Promise<[Record<string, unknown>, string]> =>
    new Promise((resolve, reject) => {
      const stream = session.request({ ':path': '/', ':method': method });
      let head = {};
      let body = '';
      stream.setEncoding('utf8').on('data', (part: string) => (body += part));
      stream.on('response', (headers) => (head = headers));
      stream.on('error', reject).on('close', () => resolve([head, body]));
    });
  expect(await ask('GET')).toEqual([expect.objectContaining({ ':status': 503, 'content-length': '13' }), answer.body]);
  expect(session.closed).toBe(false);
  const ended = new Promise((resolve) => session.once('close', resolve));
  const [head, body] = await ask('HEAD');
  expect([head[':status'], head['content-length'], head['connection'], body]).toEqual([503, '13', undefined, '']);
  await ended;
  expect(errors).toEqual([]);
});
