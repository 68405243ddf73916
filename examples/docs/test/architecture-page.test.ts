import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { page, root } from './lib/markdown.js';

const { text } = page('docs/architecture.md');
const named = [...text.matchAll(/`([a-z]+\/src\/[\w-]+\.ts)`(?: `(#?\w+)`)?/g)].map(([, file = '', member]) => ({
  file,
  member,
}));
const doors = ['index.ts', 'adapter.ts', 'opentelemetry.ts', 'prometheus.ts'];

test('every file that docs/architecture.md names exists', () => {
  expect(named.map(({ file }) => file).filter((file) => !existsSync(join(root, 'packages', file)))).toEqual([]);
});

test('every member that docs/architecture.md names is in its file', () => {
  const members = named.filter(({ member }) => member !== undefined);
  const missing = members.filter(({ file, member = '' }) => {
    const source = readFileSync(join(root, 'packages', file), 'utf8');
    return !new RegExp(`(?<![\\w.])${member}\\b`).test(source);
  });
  expect(members.length).toBeGreaterThan(10);
  expect(missing).toEqual([]);
});

test.each(['deadlock', 'core', 'plan', 'node', 'telemetry'])(
  'docs/architecture.md says what each file of %s is for',
  (name) => {
    const files = readdirSync(join(root, 'packages', name, 'src')).filter((file) => !doors.includes(file));
    const known = new Set(named.map(({ file }) => file));
    expect(files.filter((file) => !known.has(`${name}/src/${file}`))).toEqual([]);
  },
);
