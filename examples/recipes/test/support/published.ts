/** Bundles the packages from their sources, so that programs in a plain Node find them as if they were installed. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = join(__dirname, '../../../../packages/bootstrap-gate');
const recipes = pathToFileURL(__filename).href;

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly '@bootstrap-gate/source'?: string }>>;
}

/** @returns flags for Node, with which `bootstrap-gate` and its entry points are imported from `out` */
export async function publishedFlags(out: string): Promise<string[]> {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const sources = Object.entries(exports).flatMap(([subpath, { '@bootstrap-gate/source': source }]) =>
    source && !/report|opentelemetry|prometheus/.test(subpath) ? [{ subpath, source: join(folder, source) }] : [],
  );
  const names = sources.map(({ subpath }) => (subpath === '.' ? 'index' : subpath.slice(2)));
  await build({
    entryPoints: Object.fromEntries(sources.map(({ source }, i) => [names[i], source])),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@bootstrap-gate/source'],
    external: ['@nestjs/*'],
  });
  const urls = names.map((name) => [
    name === 'index' ? 'bootstrap-gate' : `bootstrap-gate/${name}`,
    pathToFileURL(join(out, `${name}.mjs`)).href,
  ]);
  mkdirSync(out, { recursive: true });
  writeFileSync(
    join(out, 'hooks.mjs'),
    `const urls = new Map(${JSON.stringify(urls)});
export const resolve = (name, context, next) => {
  const url = urls.get(name);
  if (url) return { url, format: 'module', shortCircuit: true };
  const parentURL = ${JSON.stringify(recipes)}; // where what a door imports of its framework is installed
  return next(name, name.startsWith('@nestjs/') ? { ...context, parentURL } : context);
};\n`,
  );
  const register = join(out, 'register.mjs');
  writeFileSync(register, `import { register } from 'node:module';\nregister('./hooks.mjs', import.meta.url);\n`);
  return ['--import', pathToFileURL(register).href];
}
