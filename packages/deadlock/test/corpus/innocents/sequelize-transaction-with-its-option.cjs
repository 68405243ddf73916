const { Sequelize } = require('sequelize');
const { tracePool } = require('@bootstrap-gate/deadlock');

const url = `postgres://postgres@127.0.0.1:${process.env.PGPORT}/postgres`;
const sequelize = tracePool(new Sequelize(url, { logging: false, pool: { max: 1 } }), 'main', { stallAfterMs: 300 });
async function main() {
  await sequelize.transaction(async (transaction) => {
    await sequelize.query('select pg_sleep(0.2)', { transaction });
  });
  await sequelize.close();
  console.log('up');
}
main();
