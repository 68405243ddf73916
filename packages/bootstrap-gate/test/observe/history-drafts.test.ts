/** What saving a history leaves in its folder. */
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyFile } from '../../src/observe/history-file.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'bootstrap-gate-drafts-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('drafts of processes that ended early are removed; young ones and the files of others stay', async () => {
  const old = `boots.json.${crypto.randomUUID()}.tmp`;
  const young = `boots.json.${crypto.randomUUID()}.tmp`;
  const others = ['boots.json.backup.tmp', `other.json.${crypto.randomUUID()}.tmp`];
  for (const name of [old, young, ...others]) writeFileSync(join(folder, name), '');
  for (const name of [old, ...others]) utimesSync(join(folder, name), 1, 1);
  await historyFile(join(folder, 'boots.json')).save('{}');
  expect(readdirSync(folder).sort()).toEqual(['boots.json', young, ...others].sort());
});

(process.platform === 'win32' ? test.skip : test)('the mode of the file is kept (Windows has none)', async () => {
  const path = join(folder, 'boots.json');
  writeFileSync(path, '{}');
  chmodSync(path, 0o600);
  await historyFile(path).save('{"version":1}');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
