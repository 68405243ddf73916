/** What the applications wait for while they start: it answers when the test says so. */
import { once } from 'node:events';
import http, { type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SlowService {
  readonly url: string;
  /** Resolves when an application has asked for the first time. */
  readonly asked: Promise<void>;
  /** Answers all who have asked, and all who will. */
  answer(): void;
  close(): Promise<void>;
}

export async function slowService(text: string): Promise<SlowService> {
  const held: ServerResponse[] = [];
  let isAnswering = false;
  let onAsked!: () => void;
  const asked = new Promise<void>((resolve) => (onAsked = resolve));
  const server = http.createServer((_req, res) => {
    if (isAnswering) return res.end(text);
    onAsked();
    return void held.push(res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    asked,
    answer: () => {
      isAnswering = true;
      for (const res of held.splice(0)) res.end(text);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
