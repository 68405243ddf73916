import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Running } from './support/application.js';
import { answersOf, HERD, type Recipe } from './support/herd.js';
import { testLarge } from './support/large.js';

let folder: string;
let postgres: Running | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bootstrap-gate-postgres-'));
  chmodSync(folder, 0o755); // Postgres has a user of its own where the tests run as root
  postgres = await run(join(__dirname, 'support/postgres.mjs'), [], {}, [join(folder, 'data')]);
});

afterEach(async () => {
  await postgres?.stop('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

const recipe = (): Recipe => ({
  folder: 'parse-server',
  settings: '',
  env: { DATABASE_URL: `postgres://postgres:password@${new URL(postgres?.url ?? '').host}/recipe` },
  ask: async (url) => {
    const headers = { 'X-Parse-Application-Id': 'recipe', 'X-Parse-Master-Key': 'master' };
    const response = await fetch(`${url}/parse/classes/_User`, { headers });
    return response.status === 200 ? await response.text() : String(response.status);
  },
});

testLarge('Parse Server: without a gate each request during the start is answered 500', async () => {
  expect(await answersOf('before', recipe())).toEqual({ 500: HERD });
});

testLarge('Parse Server: with a gate each is answered rightly', async () => {
  expect(await answersOf('after', recipe())).toEqual({ '{"results":[]}': HERD });
});
