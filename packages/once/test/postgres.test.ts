import { postgresOnce } from '../src/postgres.js';
import { describeWith, debianPostgres } from './support/programs.js';
import { startPostgres, type Postgres } from './support/postgres.js';

describeWith({ postgres: debianPostgres }, 'postgres', () => {
  let server: Postgres;
  beforeAll(async () => (server = await startPostgres(debianPostgres!)));
  afterAll(() => server.stop());

  test('O1: smoke', async () => {
    const once = postgresOnce(server.pool(), { namespace: 'a' });
    await server.query('CREATE TABLE smoke (n int)');
    const step = once.transaction({ key: 'k' }, async (tx, { attempt, fence }) => {
      await tx.query('INSERT INTO smoke VALUES (1)');
      return { attempt, fence };
    });
    console.log(await Promise.all([step({ name: 'm' }), step({ name: 'm' }), step({ name: 'x' })]));
    console.log(await once.run({ key: 'k' }, async ({ guard }) => 5)({ name: 'r' }));
    console.log(
      await server.query('select * from bootstrap_once.step'),
      await server.query('select * from bootstrap_once.replica'),
      await server.query('select * from smoke'),
    );
    await once.close();
  });
});
