/** What npm shows of a package, and what a consumer has to have. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { headings, localLinks, page, root } from './lib/markdown.js';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly engines: object;
}

const manifests = readdirSync(join(root, 'packages')).map((folder): [string, Manifest] => [
  folder,
  JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as Manifest,
]);
const published = manifests.filter(([, manifest]) => !manifest.private);
const repository = 'https://github.com/bootstrap-gate/bootstrap-gate';

test('the packages that are published are those of the README', () => {
  const listed = localLinks(page('README.md')).flatMap((link) => /^packages\/([\w-]+)$/.exec(link)?.[1] ?? []);
  expect(published.map(([folder]) => folder).sort()).toEqual([...new Set(listed)].sort());
});

test.each(published)('%s has its name as the title of its README, and a licence', (folder, { name }) => {
  expect(headings(page(`packages/${folder}/README.md`))[0]).toMatchObject({ depth: 1, text: name });
  expect(name.split('/').at(-1)).toBe(folder);
  expect(existsSync(join(root, 'packages', folder, 'LICENSE'))).toBe(true);
});

test.each(published)('%s says where it comes from, and asks for provenance', (folder, manifest) => {
  expect(manifest).toMatchObject({
    license: 'MIT',
    homepage: `${repository}${folder === 'bootstrap-gate' ? '' : `/tree/main/packages/${folder}`}#readme`,
    bugs: `${repository}/issues`,
    repository: { type: 'git', url: `git+${repository}.git`, directory: `packages/${folder}` },
    publishConfig: { access: 'public', provenance: true },
  });
  expect(manifest.description).toMatch(/\w/);
  expect(manifest.keywords.length).toBeGreaterThan(3);
});

test('all packages ask for the same Node', () => {
  expect(new Set(published.map(([, { engines }]) => JSON.stringify(engines))).size).toBe(1);
});

test('everything that installs or publishes takes the same pnpm', () => {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const { packageManager } = JSON.parse(read('package.json')) as { packageManager: string };
  const files = ['scripts/install.mjs', '.github/workflows/release.yml', 'CONTRIBUTING.md', 'docs/releasing.md'];
  const named = files.flatMap((file) => [...read(file).matchAll(/pnpm@[\d.]+\d/g)].map(([name]) => `${file}: ${name}`));
  expect(named).toEqual(files.map((file) => `${file}: ${packageManager}`));
});

test('the workflows are YAML, and may do no more than they have to', () => {
  const workflow = (name: string): unknown => parse(readFileSync(join(root, '.github/workflows', name), 'utf8'));
  expect(workflow('ci.yml')).toMatchObject({
    permissions: { contents: 'read' },
    jobs: { check: { steps: [{}, { run: 'bash .ci/run' }] } },
  });
  const { jobs, permissions } = workflow('release.yml') as { jobs: Record<string, object>; permissions: object };
  expect(permissions).toEqual({});
  expect(jobs.check).toEqual({ permissions: { contents: 'read' }, uses: './.github/workflows/ci.yml' });
  expect(jobs.release).toMatchObject({
    needs: 'check',
    permissions: { contents: 'write', 'pull-requests': 'write', 'id-token': 'write' },
  });
});
