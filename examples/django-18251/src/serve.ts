import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type RequestHandler } from 'express';

/** How long an answer may take, from when everything is ready for it, before it counts as never coming. */
export const DEADLINE_MS = 5_000;

export type Answer = number | 'no answer';

export interface Server {
  /** The status of the answer. Rejects when the server is closed before there is one. */
  get(path: string): Promise<number>;
  /** Cuts what is unanswered, and closes. */
  close(): Promise<void>;
}

export async function serve(...handlers: RequestHandler[]): Promise<Server> {
  const server = express().use(handlers).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    async get(path) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      await response.text();
      return response.status;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What became of the requests when the deadline is over, or earlier, when all are answered. */
export function answersTo(requests: readonly Promise<number>[]): Promise<Answer[]> {
  const late = sleep(DEADLINE_MS, 'no answer' as const, { ref: false });
  return Promise.all(requests.map((request) => Promise.race([request, late])));
}
