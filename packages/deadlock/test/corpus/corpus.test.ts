import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hangs } from './cases.js';
import { folder } from './support/folder.js';
import { judge } from './support/judge.js';
import { observe } from './support/observe.js';
import { findProgram, type Service, startPostgres, startRedis } from './support/services.js';

const isHere = {
  postgres: findProgram('postgres') !== undefined,
  'redis-server': findProgram('redis-server') !== undefined,
};
const services: Service[] = [];
const env: Record<string, string> = {};

beforeAll(async () => {
  if (isHere.postgres) {
    const postgres = await startPostgres();
    services.push(postgres);
    env.PGPORT = String(postgres.port);
  }
  if (isHere['redis-server']) {
    const redis = await startRedis();
    services.push(redis);
    env.REDIS_PORT = String(redis.port);
  }
});

afterAll(async () => {
  for (const service of services) await service.stop();
});

const reason = (needs: keyof typeof isHere | undefined): string =>
  needs === undefined || isHere[needs] ? '' : ` (skipped: ${needs} is not installed)`;

describe('D12: why names the hang', () => {
  for (const hang of hangs) {
    const skipped = reason(hang.needs);
    (skipped ? test.skip : test)(`${hang.file}${skipped}`, async () => {
      const { verdict, missing, stderr } = await judge(join(folder, 'hangs', hang.file), hang, env);
      expect({ verdict, missing, stderr: verdict === 'named' ? '' : stderr }).toEqual({
        verdict: 'named',
        missing: [],
        stderr: '',
      });
    });
  }
});

const needsOf = (file: string): keyof typeof isHere | undefined =>
  /^(?:pg|knex|sequelize)-/.test(file) ? 'postgres' : /redis|bullmq/.test(file) ? 'redis-server' : undefined;

describe('D2: a program that starts by itself is not accused', () => {
  for (const file of readdirSync(join(folder, 'innocents')).filter((name) => /\.[cm]js$/.test(name))) {
    const skipped = reason(needsOf(file));
    (skipped ? test.skip : test)(`${file}${skipped}`, async () => {
      const { stdout, stderr } = await observe(join(folder, 'innocents', file), {
        env: { ...env, WHY_AFTER_SECONDS: '0' },
        isAsked: false,
      });
      expect(stdout).toContain('up');
      expect(stderr).toBe('why is loaded\n');
    });
  }
});
