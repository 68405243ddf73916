import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { evaluateOn, redisOnce, type RedisLike } from '../../src/redis.js';
import { RedisStore } from '../../src/redis/store.js';
import { storeChecks } from '../../src/index.js';
import { describeWith, redisServer } from '../support/programs.js';
import { startRedis, type RedisServer } from '../support/redis.js';
import { deferred, newNamespace } from '../support/replicas.js';

interface Client {
  readonly client: RedisLike;
  end(): Promise<unknown>;
}

const clients: Record<string, (port: number) => Promise<Client>> = {
  async ioredis(port) {
    const client = new Redis(port, '127.0.0.1');
    client.on('error', () => {});
    return { client, end: () => client.quit() };
  },
  async 'node-redis'(port) {
    const client = createClient({ url: `redis://127.0.0.1:${port}` });
    client.on('error', () => {});
    await client.connect();
    return { client: client as unknown as RedisLike, end: () => client.close() };
  },
};

describeWith({ 'redis-server': redisServer }, 'Redis', () => {
  let server: RedisServer;
  beforeAll(async () => (server = await startRedis(redisServer!)));
  afterAll(() => server.stop());

  describe.each(Object.keys(clients))('the Redis store by %s', (name) => {
    let made: Client;
    beforeAll(async () => (made = await clients[name]!(server.port)));
    afterAll(() => made.end());

    test.each(storeChecks)('$id: $title', async ({ run }) => {
      await run({
        async open() {
          const store = new RedisStore(evaluateOn(made.client), async () => '', name);
          await store.open();
          return store;
        },
      });
    });

    test('O7: work that must not be forgotten is refused, and what may be forgotten runs once', async () => {
      const all = Array.from({ length: 10 }, (_, i) =>
        redisOnce(made.client, { namespace: name, replica: `web-${i}`, prefix: 'a {prefix}' }),
      );
      const [first] = all;
      expect(first!.traits).toEqual({ clock: 'store', durable: false, transactions: false });
      expect(() => first!.run({ key: 'v1' }, () => {})).toThrow(
        /^run: Redis can forget what it has acknowledged .*durable: false/,
      );
      expect(() => first!.run({ order: 1, durable: true }, () => {})).toThrow(TypeError);
      let calls = 0;
      const results = await Promise.all(
        all.map((once) => once.run({ key: 'v1', durable: false }, () => ({ calls: ++calls }))({ name: 'warm-up' })),
      );
      expect(new Set(results.map((result) => JSON.stringify(result)))).toEqual(new Set(['{"calls":1}']));
      await Promise.all(all.map((once) => once.close()));
    });
  });

  test('O3: a replica that tells nothing for its lease is succeeded', async () => {
    const { client, end } = await clients.ioredis!(server.port);
    const { client: cut, end: endCut } = await clients.ioredis!(server.port);
    const namespace = newNamespace();
    const [dead, heir] = [cut, client].map((each) => redisOnce(each, { namespace, leaseMs: 400 }));
    const working = deferred();
    const first = dead!.run({ key: 'v1', durable: false }, async ({ signal }) => {
      working.resolve();
      (cut as Redis).disconnect();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw signal.reason;
    })({ name: 'step' });
    first.catch(() => {});
    await working.promise;
    expect(await heir!.run({ key: 'v1', durable: false }, ({ attempt }) => attempt)({ name: 'step' })).toBe(2);
    await (cut as Redis).connect();
    expect(await first).toBe(2);
    await Promise.all([dead!.close(), heir!.close()]);
    await Promise.all([end(), endCut()]);
  });

  test('O7: a failover to a replica that has not got the record runs the work again, under the same fence', async () => {
    const replica = await startRedis(redisServer!);
    const [old, fresh] = [await clients.ioredis!(server.port), await clients.ioredis!(replica.port)];
    const namespace = newNamespace();
    // Replication is asynchronous: what is cut off before the record arrives is promoted without it.
    const runOn = async ({ client }: Client) => {
      const once = redisOnce(client, { namespace });
      const fence = await once.run({ key: 'v1', durable: false }, ({ fence }) => fence)({ name: 'step' });
      await once.close();
      return fence;
    };
    expect(await runOn(old)).toBe(1);
    expect(await runOn(old)).toBe(1);
    expect(await runOn(fresh)).toBe(1);
    await Promise.all([old.end(), fresh.end()]);
    await replica.stop();
  });

  test('O7: a server that evicts is named at the start', async () => {
    const evicting = await startRedis(redisServer!, '--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru');
    const { client, end } = await clients.ioredis!(evicting.port);
    const emit = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const once = redisOnce(client, { namespace: 'n' });
    await once.run({ key: 'v1', durable: false }, () => {})({ name: 'step' });
    expect(emit).toHaveBeenCalledWith(expect.stringContaining('maxmemory-policy allkeys-lru'), {
      type: 'BootstrapGateWarning',
      code: 'ONCE_STORE_FORGETS',
    });
    emit.mockRestore();
    await once.close();
    await end();
    await evicting.stop();
  });

  test('a client that is none is refused', () => {
    expect(() => redisOnce({} as never, { namespace: 'n' })).toThrow(
      /must be a client of ioredis or node-redis, not an object/,
    );
    expect(() => redisOnce(undefined as never, { namespace: 'n' })).toThrow(TypeError);
  });
});
