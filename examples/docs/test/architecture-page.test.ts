import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesUnder, headings, page, root } from './lib/markdown.js';

const { text } = page('docs/architecture.md');
const named = [...text.matchAll(/`([a-z-]+\/src\/[\w/-]+\.ts)`(?: `(#?\w+)`)?/g)].map(([, file = '', member]) => ({
  file: `packages/${file}`,
  member,
}));
const source = (file: string): string => readFileSync(join(root, file), 'utf8');

test('every file that docs/architecture.md names exists', () => {
  expect(named.length).toBeGreaterThan(40);
  expect(named.map(({ file }) => file).filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('every member that docs/architecture.md names is in its file', () => {
  const members = named.filter(({ member }) => member !== undefined);
  const missing = members.filter(({ file, member }) => !new RegExp(`(?<![\\w.])${member}\\b`).test(source(file)));
  expect(members.length).toBeGreaterThan(15);
  expect(missing).toEqual([]);
});

test('every rule that docs/architecture.md names is in docs/rules.md', () => {
  const rules = headings(page('docs/rules.md')).map((heading) => heading.text);
  const cited = text.match(/\b[ADFGHMNOPR]\d{1,2}\b/g) ?? [];
  expect(cited.length).toBeGreaterThan(25);
  expect(cited.filter((id) => !rules.includes(id))).toEqual([]);
});

test('every folder of bootstrap-gate is on the page, and a file in it says what lives there and what does not', () => {
  const sources = filesUnder('packages/bootstrap-gate/src').filter((file) => file.endsWith('.ts'));
  const folders = [...new Set(sources.map(dirname))].map((folder) =>
    folder.slice('packages/bootstrap-gate/src/'.length),
  );
  const floors = folders.filter((folder) => folder !== '' && folder !== 'http/page');
  const says = (folder: string): boolean =>
    sources.some((file) => {
      const [, comment = ''] = /^\/\*\*(.*?)\*\//s.exec(source(file)) ?? [];
      return comment.includes(`Floor \`${folder}\``) && comment.includes('Not here:');
    });
  expect(folders.filter((folder) => folder !== '' && !text.includes(`${folder}/`))).toEqual([]);
  expect(floors.filter((folder) => !says(folder))).toEqual([]);
});
