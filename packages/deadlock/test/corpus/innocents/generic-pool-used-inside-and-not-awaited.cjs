const { createPool } = require('generic-pool');
const { tracePool } = require('@bootstrap-gate/deadlock');

const factory = { create: async () => ({}), destroy: async () => {} };
const pool = tracePool(createPool(factory, { max: 1 }), 'workers', { stallAfterMs: 2_000 });
async function main() {
  let audit;
  await pool.use(async () => {
    audit = pool.use(async () => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
  });
  await audit;
  console.log('up');
}
main();
