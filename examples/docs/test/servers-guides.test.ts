/** What the guides of servers other than those of HTTP frameworks promise, tried with real clients of theirs. */
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { io } from 'socket.io-client';
import { codeBlocks, page } from './lib/markdown.js';
import { runBlock, type Running } from './lib/run-block.js';
import * as database from './user/database.js';

/** Runs the first program of a guide with a database that opens, or fails to open, when the test says so. */
async function guide(name: string): Promise<Running & { port: number; open(): void; fail(error: Error): void }> {
  const [block] = codeBlocks(page(`docs/guides/${name}.md`)).filter(({ language }) => language === 'ts');
  let open!: () => void;
  let fail!: (error: Error) => void;
  const opened = new Promise<void>((...both) => ([open, fail] = both));
  const connect = (): Promise<database.Database> => opened.then(() => database.connect());
  const running = await runBlock(block!, { './database.js': { ...database, connect } });
  const { port } = (running.servers[0] as Server).address() as AddressInfo;
  return { ...running, port, open, fail };
}

afterEach(() => jest.restoreAllMocks());

describe('docs/guides/grpc.md', () => {
  const bytes = (text: string): Buffer => Buffer.from(text);

  function hello(client: Client, name: string): Promise<string> {
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest('/Greeter/Hello', bytes, String, name, (error: ServiceError | null, reply?: string) => {
        if (error) reject(error);
        else resolve(reply ?? '');
      });
    });
  }

  test('calls wait for the bootstrap, and are answered', async () => {
    const { port, open, stop } = await guide('grpc');
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    let answered = 0;
    const calls = ['a', 'b', 'c'].map((name) => hello(client, name).finally(() => answered++));
    await new Promise((resolve) => client.waitForReady(Infinity, resolve));
    expect(answered).toBe(0);
    open();
    expect(await Promise.all(calls)).toEqual(['hello a', 'hello b', 'hello c']);
    expect(await hello(client, 'd')).toBe('hello d');
    client.close();
    await stop();
  });

  test('a call that is denied is UNAVAILABLE', async () => {
    const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const { port, fail, stop } = await guide('grpc');
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    fail(new Error('no database'));
    await expect(hello(client, 'a')).rejects.toMatchObject({ code: status.UNAVAILABLE });
    client.close();
    await stop();
    expect(warnings).toHaveBeenCalled();
  });
});

describe('docs/guides/socket-io.md', () => {
  test.each(['polling', 'websocket'])('a client waits for the bootstrap by %s, and is served', async (transport) => {
    const { port, servers, open, stop } = await guide('socket-io');
    const arrived = once(servers[0] as Server, 'connection');
    const socket = io(`http://127.0.0.1:${port}`, { transports: [transport] });
    await arrived;
    await new Promise((resolve) => setImmediate(resolve));
    expect(socket.connected).toBe(false);
    open();
    await new Promise<void>((resolve, reject) => socket.on('connect', resolve).on('connect_error', reject));
    expect(await socket.emitWithAck('history')).toEqual([]);
    socket.disconnect();
    await stop();
  });
});
