import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileStore } from '../../src/file/store.js';
import { storeChecks } from '../../src/index.js';
import { makeRevision, readNewest } from '../../src/file/versions.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'once-file-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the file store', () => {
  test.each(storeChecks)('$id: $title', async ({ run }) => {
    await run({
      async open() {
        const store = new FileStore(folder);
        await store.open();
        return store;
      },
    });
  });
});

describe('revisions of a folder', () => {
  test('a name that is free because its revision was tidied away makes none', async () => {
    for (let revision = 1; revision <= 12; revision++)
      expect(await makeRevision(folder, revision, String(revision))).toBe(true);
    expect(readdirSync(folder)).not.toContain('3');
    expect(await makeRevision(folder, 3, 'from the past')).toBe(false);
    expect(await readNewest(folder)).toEqual({ revision: 12, text: '12' });
    expect(readdirSync(folder)).toHaveLength(8);
  });
});
