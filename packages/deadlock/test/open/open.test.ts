import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { channel } from 'node:diagnostics_channel';
import { run } from '../explain/program.js';
import { freePort } from '../corpus/support/services.js';
import { openText, recordOpen, whatIsOpen } from '../../src/index.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

const texts = (): string[] => whatIsOpen().map(({ text }) => text);

test('D6: refused connects are counted by address', async () => {
  const stop = recordOpen();
  closers.push(stop);
  const port = await freePort();
  for (let n = 0; n < 3; n++) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'error').catch(() => {});
    await new Promise((resolve) => socket.once('close', resolve).once('error', resolve));
  }
  const [failed] = whatIsOpen().filter(({ kind }) => kind === 'failed connects');
  expect(failed).toMatchObject({ isSuspect: true });
  expect(failed?.text).toMatch(new RegExp(`^connecting to 127\\.0\\.0\\.1:${port} failed 3 times \\(ECONNREFUSED\\)`));
});

test('D6: an error of a socket that the program does not handle still ends the process', async () => {
  const { status, stderr } = run(`lib.recordOpen(); require('node:net').connect(${await freePort()}, '127.0.0.1');`);
  expect(status).toBe(1);
  expect(stderr).toContain('ECONNREFUSED');
});

test('D6: a port in use is told', async () => {
  closers.push(recordOpen());
  const port = await listening(createServer());
  const second = createServer();
  second.listen(port, '127.0.0.1');
  await once(second, 'error').catch(() => {});
  expect(texts()).toContain(`listening on 127.0.0.1:${port} failed: the port is in use (EADDRINUSE)`);
});

test('D6: a peer that has said nothing is told with what was sent', async () => {
  const server = createServer();
  const port = await listening(server);
  const socket = connect(port, '127.0.0.1');
  closers.push(() => socket.destroy());
  await Promise.all([
    once(server, 'connection').then(([peer]) => closers.push(() => (peer as Socket).destroy())),
    once(socket, 'connect'),
  ]);
  await new Promise<void>((resolve, reject) => socket.write('HELLO', (error) => (error ? reject(error) : resolve())));
  expect(texts()).toContain(`connection to 127.0.0.1:${port}: sent 5 bytes, has received nothing`);
  expect(texts()).toContain(`server on 127.0.0.1:${port}, 1 connection`);
});

test('D6: a child is told with what of it nobody reads', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("ready"); setTimeout(() => {}, 60_000)']);
  closers.push(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  // Bytes that have come, and nothing that takes them.
  await new Promise<void>((resolve) => {
    const look = (): void => void (child.stdout.readableLength > 0 ? resolve() : setImmediate(look));
    child.stdout.read(0);
    look();
  });
  const [told] = whatIsOpen().filter(({ kind }) => kind === 'child');
  expect(told?.text).toMatch(/has not ended; nothing reads its stdout \(5 bytes are waiting/);
  expect(told?.text).toContain('its stdin has not been ended');
});

test('D6: when the recording ends nothing is subscribed any more', () => {
  const before = channel('net.client.socket').hasSubscribers;
  const stops = [recordOpen(), recordOpen()];
  expect(channel('net.client.socket').hasSubscribers).toBe(true);
  for (const stop of stops) {
    stop();
    stop();
  }
  expect(channel('net.client.socket').hasSubscribers).toBe(before);
});

test('D6: likely reasons come first, and the text is bounded', () => {
  const things = [
    { kind: 'timer', text: 'timer', count: 2, isSuspect: false },
    { kind: 'lookup', text: 'DNS lookup without an answer', count: 1, isSuspect: true },
  ] as const;
  expect(openText(things)).toBe('2 × timer\nDNS lookup without an answer');
  expect(openText(things, { maxLines: 1 })).toBe('2 × timer\nand 1 more');
});
