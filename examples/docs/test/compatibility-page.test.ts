import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { page, root, tableUnder } from './lib/markdown.js';

interface Manifest {
  readonly engines: { readonly node: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const manifest = (folder: string): Manifest => JSON.parse(read(`${folder}/package.json`)) as Manifest;

const rows = tableUnder(page('docs/compatibility.md'), 'Versions');
const versions = new Map(rows.map(([what = '', from = '', to = '']) => [what, { from, to }]));
const consumers = read('scripts/consumers.mjs');
const library = manifest('packages/bootstrap-gate');
const alias = (name: string): string => /@([\d.]+)$/.exec(library.devDependencies[name]!)![1]!;

test.each([
  ['Express 4', 'express', 'express4'],
  ['Express 5', 'express', 'express5'],
  ['Koa 2', 'koa', 'koa2'],
  ['Koa 3', 'koa', 'koa3'],
])(
  'docs/compatibility.md has the versions of %s that the tests use, and the peer range begins there',
  (what, name, major) => {
    const { from, to } = versions.get(what)!;
    expect({ from, to }).toEqual({
      from: alias(`${major}-oldest`),
      to: alias(major),
    });
    expect(library.peerDependencies?.[name]?.split(' || ')).toContain(`^${from}`);
  },
);

test('docs/compatibility.md has the versions of Fastify and Nest that tests and consumers use, and the peer ranges begin there', () => {
  const { devDependencies, peerDependencies } = library;
  expect(versions.get('Fastify 5')).toEqual({ from: alias('fastify-oldest'), to: devDependencies.fastify });
  expect(peerDependencies?.fastify).toBe(`^${versions.get('Fastify 5')?.from}`);
  for (const version of Object.values(versions.get('Fastify 5')!)) expect(consumers).toContain(`fastify: '${version}'`);
  const older = manifest('packages/bootstrap-gate/test/doors/nest/nest-11') as Required<Manifest>;
  const [nest11, nest12] = [versions.get('Nest 11')!, versions.get('Nest 12')!];
  expect([nest11.to, nest12.to]).toEqual([older.dependencies['@nestjs/core'], devDependencies['@nestjs/core']]);
  expect(peerDependencies?.['@nestjs/core']).toBe(`^${nest11.from} || ^${nest12.from}`);
  for (const version of [nest11.from, nest12.to]) expect(consumers).toContain(`...nest('${version}')`);
});

test.each(['@types/express', '@types/koa', 'prom-client', '@opentelemetry/api'])(
  'docs/compatibility.md has the versions of %s that the consumers use, and the peer range begins there',
  (what) => {
    const { from, to } = versions.get(what)!;
    for (const version of [from, to]) expect(consumers).toMatch(new RegExp(`'?${what}'?: '${version}'`));
    expect(library.peerDependencies?.[what]?.split(' || ')[0]).toBe(`^${from}`);
  },
);

test.each([
  ['express', 'Express 4', 'Express 5'],
  ['koa', 'Koa 2', 'Koa 3'],
])('the consumers of %s use its oldest and its newest version', (name, oldest, newest) => {
  const used = [...consumers.matchAll(new RegExp(`[ {]${name}: '([\\d.]+)'`, 'g'))].map(([, version]) => version);
  expect(used).toEqual([versions.get(oldest)?.from, versions.get(newest)?.to]);
});

test('docs/compatibility.md has the TypeScripts that the consumers use', () => {
  const { from, to } = versions.get('TypeScript')!;
  expect(consumers).toContain(`installCompiler(join(folder, 'typescript'), '${from}')`);
  expect(manifest('.').devDependencies.typescript7).toBe(`npm:typescript@${to}`);
});

test('docs/compatibility.md has the Nodes on which tests and consumers run', () => {
  const { from, to } = versions.get('Node')!;
  const { from: second } = versions.get('Node 22')!;
  expect(library.engines.node).toBe(`^${from} || >=${second}`);
  expect(consumers).toContain(`NODES = ['${from}', '${second}', '24', '${to}']`);
  const [, others = ''] = /for version in ([\d ]+); do/.exec(read('.ci/run')) ?? [];
  expect(others.split(' ').sort()).toEqual(['22', '24', to]);
});

test('docs/compatibility.md has the tools by which consumers are built and run, with their versions', () => {
  const tools = read('scripts/consumers/tools.mjs');
  const listed = tableUnder(page('docs/compatibility.md'), 'Tools');
  const [, all = ''] = /^const tools = \{\n(.*?)^\};/ms.exec(tools) ?? [];
  const titles = [...all.matchAll(/^ {2}(?:(['"])(.*?)\1|(\w+)): \{(?: |$)/gm)].map(
    ([, , quoted, plain]) => quoted ?? plain,
  );
  expect(listed.map(([tool]) => tool)).toEqual(titles);
  for (const [, version = ''] of listed) expect(tools).toContain(version);
});
