const { createPool } = require('generic-pool');
const { tracePool } = require('@bootstrap-gate/deadlock');

const factory = { create: async () => ({}), destroy: async () => {} };
const pool = tracePool(createPool(factory, { max: 1 }), 'workers', { stallAfterMs: 200 });
const job = () => pool.use(() => new Promise((resolve) => setTimeout(resolve, 100)));
async function main() {
  await Promise.all([job(), job(), job(), job()]);
  console.log('up');
}
main();
