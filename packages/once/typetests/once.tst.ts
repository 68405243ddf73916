import { createGate } from 'bootstrap-gate';
import { Redis } from 'ioredis';
import pg from 'pg';
import postgres from 'postgres';
import { createClient } from 'redis';
import { describe, expect, test } from 'tstyche';
import { asClient, fromPostgresJs, postgresOnce } from '../src/postgres.js';
import { redisOnce } from '../src/redis.js';

describe('the types of the libraries are those of the application', () => {
  test('a pool of pg gives its clients', () => {
    const once = postgresOnce(new pg.Pool(), { namespace: 'shop' });
    once.transaction({ key: 'v1' }, (tx) => expect(tx).type.toBe<pg.PoolClient>());
  });

  test('postgres.js has its own connection beside query', () => {
    const sql = postgres('');
    const once = postgresOnce(fromPostgresJs(sql), { namespace: 'shop' });
    once.transaction({ key: 'v1' }, (tx) => tx.sql`SELECT 1`);
    once.run({ key: 'v1' }, ({ guard }) => sql.begin((tx) => guard(asClient(tx))));
  });

  test('both clients of Redis are accepted, and nothing else', () => {
    expect(redisOnce).type.toBeCallableWith(new Redis(), { namespace: 'shop' });
    expect(redisOnce).type.toBeCallableWith(createClient(), { namespace: 'shop' });
    expect(redisOnce).type.not.toBeCallableWith({}, { namespace: 'shop' });
  });
});

describe('steps', () => {
  const once = postgresOnce(new pg.Pool(), { namespace: 'shop' });

  test('a step of a gate has the result of its function', () => {
    createGate({
      bootstrap: async (boot) => {
        const result = await boot.step(
          'migrate',
          once.transaction({ key: 'v1' }, () => ({ rows: 1 })),
        );
        expect(result).type.toBe<{ rows: number }>();
      },
    });
  });

  test('with an order there may be no result, because a newer version is done', () => {
    expect(once.run({ order: 3 }, () => 'text')({ name: 'step' })).type.toBe<Promise<string | undefined>>();
    expect(once.run({ key: 'v1' }, () => 'text')({ name: 'step' })).type.toBe<Promise<string>>();
  });

  test('a stop does not belong to shared work', () => {
    expect(once.run).type.not.toBeCallableWith({ key: 'v1', stop: () => {} }, () => {});
  });
});
