const { createPool } = require('generic-pool');
const { tracePool } = require('@bootstrap-gate/deadlock');

const factory = { create: async () => ({}), destroy: async () => {} };
const pool = tracePool(createPool(factory, { max: 2 }), 'workers', { stallAfterMs: 500 });
const job = () =>
  pool.use(async () => {
    await null;
    await pool.use(async () => {});
  });

async function main() {
  await Promise.all([job(), job()]);
  console.log('up');
}
main();
setInterval(() => {}, 1_000);
