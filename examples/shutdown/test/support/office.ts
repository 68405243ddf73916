/** The head office, in the hands of the test: it answers at once, or when it is told to. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Office {
  readonly url: string;
  /** Keeps who asks for such paths waiting, from now on. */
  hold(paths: RegExp): void;
  /** Answers those who wait for such paths. */
  release(paths?: RegExp): void;
  /** Resolves when so many wait. */
  asked(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function openOffice(): Promise<Office> {
  const waiting = new Set<ServerResponse>();
  const server = createServer((req, res) => {
    if (!held.test(req.url ?? '')) return void res.end();
    waiting.add(res.once('close', () => waiting.delete(res)));
    server.emit('held');
  });
  let held = /^$/;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: (paths) => void (held = paths),
    release(paths = /./) {
      for (const res of waiting) if (paths.test(res.req.url ?? '')) res.end();
    },
    async asked(count) {
      while (waiting.size < count) await once(server, 'held');
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
