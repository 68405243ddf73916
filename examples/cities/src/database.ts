/** The embedded database, seen from the server's thread. */
import { once, setMaxListeners } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';

type Reply = { rows: unknown[] } | { error: string };

export class Database {
  #worker: Worker | undefined;
  /** Fires when the worker is gone, so that no query waits for it. */
  #gone = new AbortController();

  async start(signal?: AbortSignal): Promise<void> {
    const worker = new Worker(new URL('../worker/postgres.mjs', import.meta.url));
    const gone = new AbortController();
    setMaxListeners(0, gone.signal);
    worker.once('exit', () => gone.abort(new Error('the database has stopped')));
    try {
      await once(worker, 'message', { signal });
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    worker.on('error', (error) => gone.abort(error));
    this.#worker = worker;
    this.#gone = gone;
  }

  /** Runs one statement; `input` is what a COPY from '/dev/blob' reads. */
  async query<Row>(sql: string, params: readonly unknown[] = [], input?: string): Promise<Row[]> {
    if (!this.#worker) throw new Error('the database is not started');
    const { port1, port2 } = new MessageChannel();
    this.#worker.postMessage({ sql, params, input, reply: port2 }, [port2]);
    try {
      const [reply] = (await once(port1, 'message', { signal: this.#gone.signal })) as [Reply];
      if ('error' in reply) throw new Error(reply.error);
      return reply.rows as Row[];
    } finally {
      port1.close();
    }
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }
}
