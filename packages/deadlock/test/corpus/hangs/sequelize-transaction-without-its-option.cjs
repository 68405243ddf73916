const { Sequelize } = require('sequelize');
const { tracePool } = require('@bootstrap-gate/deadlock');

const options = { dialect: 'postgres', logging: false, pool: { max: 1, acquire: 1e6 } };
const sequelize = tracePool(
  new Sequelize(`postgres://postgres@127.0.0.1:${process.env.PGPORT}/postgres`, options),
  'main',
  {
    stallAfterMs: 500,
  },
);

async function main() {
  await sequelize.transaction(async (transaction) => {
    await sequelize.query('select 1', { transaction });
    await sequelize.query('select 2');
  });
  console.log('up');
}
main();
