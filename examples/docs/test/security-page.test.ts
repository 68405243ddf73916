/** The threat model names a test for each threat, SECURITY.md every dependency: neither may be only words. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, page, root } from './lib/markdown.js';

const { text } = page('docs/threat-model.md');
const oneLine = (part: string): string => part.replace(/\s+/g, ' ').trim();

/** Items such as: - [`path`](path): title */
const named = [...text.matchAll(/^- \[`([^`]+)`\]\(([^)]+)\):\s+([^]*?)(?=\n- |\n\n|\n*$)/gm)].map(
  ([, shown = '', path = '', title = '']) => ({ shown, path, title: oneLine(title) }),
);

/** The source with its quotes, escapes and line ends taken off, so that a title is found however it is written. */
const plain = (source: string): string => oneLine(source.replace(/\\(['"`])/g, '$1'));

test('every test that the threat model names exists, by file and title', () => {
  const missing = named.filter(({ path, title }) => {
    const file = join(root, 'docs', path);
    return !existsSync(file) || !plain(readFileSync(file, 'utf8')).includes(title);
  });
  expect(named.length).toBeGreaterThan(50);
  expect(missing).toEqual([]);
  expect(named.filter(({ shown, path }) => !path.endsWith(shown))).toEqual([]);
});

test('every threat of the threat model has a test, or says why it has none', () => {
  const threats = text.split(/^## /m).slice(1);
  const without = threats.filter((threat) => !/^- \[`/m.test(threat) && !/^\*\*No test:\*\*/m.test(threat));
  expect(threats.length).toBeGreaterThan(12);
  expect(without.map((threat) => threat.split('\n', 1)[0])).toEqual([]);
});

test('every file of tests about threats is named in the threat model', () => {
  const tests = ['packages/bootstrap-gate/test', 'packages/verification/test'];
  const files = tests.flatMap(filesUnder).filter((file) => /\/(security|fuzz)\//.test(file));
  const known = new Set(named.map(({ path }) => path.replace(/^[.][.]\//, '')));
  const isNamed = (file: string): boolean => known.has(file) || known.has(file.replace('.test.ts', '.cases.ts'));
  expect(files.filter((file) => file.endsWith('.test.ts') && !isNamed(file))).toEqual([]);
});

test('SECURITY.md lists what the published packages bring along, with the versions', () => {
  const manifests = readdirSync(join(root, 'packages')).map(
    (name) =>
      JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as {
        private?: boolean;
        dependencies?: Record<string, string>;
        scripts?: Record<string, string>;
      },
  );
  const published = manifests.filter((manifest) => !manifest.private);
  const foreign = published.flatMap(({ dependencies }) =>
    Object.entries(dependencies ?? {}).filter(([name]) => !/^(@bootstrap-gate\/|bootstrap-gate$)/.test(name)),
  );
  const listed = [...page('SECURITY.md').text.matchAll(/`([a-z-]+)@(\d+\.\d+\.\d+)`/g)].map(
    ([, name = '', version = '']) => [name, version],
  );
  expect([...new Set(foreign.map((pair) => pair.join('@')))].sort()).toEqual(
    listed.map((pair) => pair.join('@')).sort(),
  );
  expect(published.filter(({ scripts }) => /install/.test(Object.keys(scripts ?? {}).join()))).toEqual([]);
});
