const { createPool } = require('generic-pool');
const { tracePool } = require('@bootstrap-gate/deadlock');

const factory = { create: async () => ({}), destroy: async () => {} };
const pool = tracePool(createPool(factory, { max: 1 }), 'workers', { stallAfterMs: 2_000 });
async function main() {
  await pool.use(async () => {
    await Promise.race([pool.use(async () => {}), new Promise((resolve) => setTimeout(resolve, 300))]);
  });
  console.log('up');
}
main();
