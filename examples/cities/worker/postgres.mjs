// PGlite, which is Postgres compiled to WebAssembly, in a thread of its own: it computes without a pause, and in the
// thread of the server it would keep the event loop from everything else, health paths included.
import { parentPort } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

const database = await PGlite.create();

parentPort.on('message', async ({ sql, params, input, reply }) => {
  try {
    // What COPY … FROM '/dev/blob' reads.
    const blob = input === undefined ? undefined : new Blob([input]);
    const { rows } = await database.query(sql, params, { blob });
    reply.postMessage({ rows });
  } catch (error) {
    reply.postMessage({ error: error.message });
  }
});
parentPort.postMessage('started');
