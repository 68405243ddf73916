/** What ends a wait is outside: another thread, another process, a name server, a file, a socket. */
import { execFile, fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup, Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, watch as watchFiles, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer, get, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createGunzip, createGzip } from 'node:zlib';
import { deferred } from '../support.js';
import { deliveryOf } from './support.js';

/** What the test has opened. */
const opened: (() => unknown)[] = [];
const dir = mkdtempSync(join(tmpdir(), 'bootstrap-gate-innocent-'));

afterEach(async () => {
  jest.restoreAllMocks();
  for (const close of opened.splice(0)) await close();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A server that answers when it is told to. */
async function lateHttpServer(): Promise<{ url: string; answer: () => void }> {
  const responses: ServerResponse[] = [];
  const server = createServer((_request, response) => void responses.push(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(
    () => void server.closeAllConnections(),
    () => new Promise((done) => server.close(done)),
  );
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, answer: () => responses.forEach((response) => response.end('done')) };
}

describe('D7: a step is not accused that waits for', () => {
  test('a name that is looked up', async () => {
    expect(await deliveryOf({ step: async () => (await lookup('localhost')).address })).toMatch(/^(127\.0\.0\.1|::1)$/);
  });

  test('a name server that answers late', async () => {
    const server = createSocket('udp4').bind(0, '127.0.0.1');
    await once(server, 'listening');
    opened.push(() => new Promise<void>((done) => server.close(done)));
    const asked = deferred<() => void>();
    server.on('message', (query, { port, address }) =>
      asked.resolve(() => server.send(answerTo(query), port, address)),
    );
    const resolver = new Resolver({ timeout: 30_000 }); // kept: its questions end with it on Node 20
    opened.push(() => resolver.cancel());
    const step = (): Promise<string[]> => {
      resolver.setServers([`127.0.0.1:${server.address().port}`]);
      return resolver.resolve4('database.test');
    };
    expect(await deliveryOf({ step, settle: async () => (await asked.promise)() })).toEqual(['192.0.2.7']);
  });

  /** The address 192.0.2.7 for whatever was asked. */
  function answerTo(query: Buffer): Buffer {
    const end = query.indexOf(0, 12) + 5; // after the name: its type and class
    const header = Buffer.concat([query.subarray(0, 2), Buffer.from([0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0])]);
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]);
    return Buffer.concat([header, query.subarray(12, end), record]);
  }

  test('a socket to a server that says nothing for long', async () => {
    const sockets: Socket[] = [];
    const server = createTcpServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    opened.push(() => new Promise((done) => server.close(done)));
    const { port } = server.address() as AddressInfo;
    const step = async (): Promise<string> => {
      let text = '';
      for await (const part of connect(port, '127.0.0.1')) text += String(part);
      return text;
    };
    expect(await deliveryOf({ step, settle: () => sockets.forEach((socket) => socket.end('done')) })).toBe('done');
  });

  test.each<[string, (url: string) => Promise<string>]>([
    ['fetch', async (url) => (await fetch(url)).text()],
    [
      'http.get',
      async (url) => {
        const [response] = (await once(get(url, { agent: false }), 'response')) as [AsyncIterable<Buffer>];
        let text = '';
        for await (const part of response) text += String(part);
        return text;
      },
    ],
  ])('a server that answers late to %s', async (_client, ask) => {
    const { url, answer } = await lateHttpServer();
    expect(await deliveryOf({ step: () => ask(url), settle: answer })).toBe('done');
  });

  test('a server of its own that is waiting for its first connection', async () => {
    let port = 0;
    const step = async (): Promise<string> => {
      const server = createTcpServer().listen(0, '127.0.0.1');
      server.once('listening', () => (port = (server.address() as AddressInfo).port));
      const [socket] = (await once(server, 'connection')) as [Socket];
      server.close();
      socket.end();
      return 'done';
    };
    expect(await deliveryOf({ step, settle: () => connect(port, '127.0.0.1').resume() })).toBe('done');
  });

  const worker = `
    const { parentPort } = require('node:worker_threads');
    parentPort.once('message', ({ cells, reply }) => {
      Atomics.wait(cells, 0, 0);
      parentPort.postMessage(reply);
    });
  `;

  test.each([
    ['a worker thread', false],
    ['a worker thread that does not keep the process alive', true],
  ])('%s', async (_what, isUnref) => {
    const cells = new Int32Array(new SharedArrayBuffer(4));
    const step = async (): Promise<unknown> => {
      const thread = new Worker(worker, { eval: true });
      if (isUnref) thread.unref();
      thread.postMessage({ cells, reply: 'done' });
      const [reply] = (await once(thread, 'message')) as unknown[];
      await thread.terminate();
      return reply;
    };
    const settle = (): void => {
      Atomics.store(cells, 0, 1);
      Atomics.notify(cells, 0);
    };
    expect(await deliveryOf({ step, settle })).toBe('done');
  });

  test('a child process that answers late', async () => {
    const { url, answer } = await lateHttpServer();
    const step = async (): Promise<string> => {
      const program = `fetch(process.argv[1]).then((response) => response.text()).then(console.log)`;
      const env = { ...process.env, NODE_OPTIONS: '' };
      return (await promisify(execFile)(process.execPath, ['-e', program, url], { env })).stdout.trim();
    };
    const settle = async (): Promise<void> => {
      const timer = setInterval(answer, 5); // it may still be starting
      opened.push(() => clearInterval(timer));
    };
    expect(await deliveryOf({ step, settle })).toBe('done');
  });

  test('a child process that sends a message late', async () => {
    const { url, answer } = await lateHttpServer();
    const file = join(dir, 'child.cjs');
    writeFileSync(
      file,
      `fetch(process.argv[2]).then((response) => response.text()).then((text) => process.send(text));`,
    );
    const step = async (): Promise<unknown> => {
      const child = fork(file, [url], { execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } });
      const [message] = (await once(child, 'message')) as unknown[];
      child.disconnect();
      return message;
    };
    const settle = (): void => {
      const timer = setInterval(answer, 5);
      opened.push(() => clearInterval(timer));
    };
    expect(await deliveryOf({ step, settle })).toBe('done');
  });

  test('a file that somebody will write', async () => {
    const step = (): Promise<string> =>
      new Promise((resolve) => {
        const watcher = watchFiles(dir, (_event, name) => {
          if (name !== 'ready') return;
          watcher.close();
          resolve('done');
        });
      });
    expect(await deliveryOf({ step, settle: () => writeFileSync(join(dir, 'ready'), '') })).toBe('done');
  });

  test('files that are written, packed and read', async () => {
    const [big, packed] = [join(dir, 'big'), join(dir, 'packed')];
    writeFileSync(big, Buffer.alloc(100_000, 'bootstrap'));
    const step = async (): Promise<number> => {
      await pipeline(createReadStream(big), createGzip(), createWriteStream(packed));
      const handle = await open(packed);
      let bytes = 0;
      for await (const part of handle.createReadStream().pipe(createGunzip())) bytes += (part as Buffer).length;
      return bytes;
    };
    expect(await deliveryOf({ step })).toBe(100_000);
  });
});
