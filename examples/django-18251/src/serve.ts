import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

export interface Served {
  /** The status of the answer. Rejects when the server is closed before there is one. */
  get(path: string): Promise<number>;
  /** Cuts what is unanswered, and closes. */
  close(): Promise<void>;
}

export async function serve(app: Express): Promise<Served> {
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    async get(path) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      await response.text();
      return response.status;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
