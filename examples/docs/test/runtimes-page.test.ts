import { allChecks } from '@bootstrap-gate/conformance';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { page, root, tableUnder } from './lib/markdown.js';

const runtimes = page('docs/runtimes.md');
const install = readFileSync(join(root, 'scripts/runtimes/install.mjs'), 'utf8');

test('R1: the page names the versions that are run', () => {
  const versions = [...install.matchAll(/(bun|deno|workerd): '([\d.]+)'/g)].map(
    ([, name, version]) => `${name} ${version}`,
  );
  const [head] = runtimes.text.match(/^\| door .*$/m) ?? [''];
  expect(head.toLowerCase()).toMatch(new RegExp(versions.join('.*')));
});

test('R1: what a runtime cannot do names checks that exist', () => {
  const conformance = new Set(allChecks.map(({ id }) => id));
  const named = tableUnder(runtimes, 'What a runtime cannot do').flatMap(([ids = '']) => ids.split(', '));
  expect(named.filter((id) => id.startsWith('C') && !conformance.has(id))).toEqual([]);
});
