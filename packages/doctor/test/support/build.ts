/** The command as it is published, built from the sources into a folder of its own, with applications beside it. */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';

export interface Built {
  readonly cli: string;
  readonly preloads: { readonly register: string; readonly awaits: string };
  /** A copy of the small applications, which may be changed. */
  readonly apps: string;
  remove(): void;
}

const root = path.join(__dirname, '../..');

export function build(): Built {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'doctor-test-')));
  const out = (file: string) => path.join(folder, 'package/dist', file);
  const common = { bundle: true, platform: 'node', target: 'node20', logLevel: 'error' } as const;
  const conditions = ['@bootstrap-gate/source'];
  const source = (file: string) => path.join(root, 'src', file);
  for (const file of ['cli', 'guard']) {
    buildSync({ ...common, entryPoints: [source(`${file}.ts`)], outfile: out(`esm/${file}.js`), format: 'esm' });
  }
  for (const file of ['register', 'awaits']) {
    const outfile = out(`cjs/preload/${file}.js`);
    buildSync({ ...common, entryPoints: [source(`preload/${file}.ts`)], outfile, format: 'cjs', conditions });
  }
  writeFileSync(path.join(folder, 'package/package.json'), '{ "type": "module", "version": "0.0.0-test" }');
  writeFileSync(out('cjs/package.json'), '{ "type": "commonjs" }');

  const apps = path.join(folder, 'apps');
  cpSync(path.join(root, 'test/corpus/small'), apps, { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  for (const door of ['express', 'koa']) bundleDoor(`@bootstrap-gate/${door}`, apps);
  const preloads = { register: out('cjs/preload/register.js'), awaits: out('cjs/preload/awaits.js') };
  return { cli: out('esm/cli.js'), preloads, apps, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The gate that a cure imports, from the sources too. */
function bundleDoor(name: string, apps: string): void {
  const target = path.join(apps, 'node_modules', name);
  mkdirSync(target, { recursive: true });
  writeFileSync(path.join(target, 'package.json'), JSON.stringify({ name, version: '0.0.0', main: 'index.cjs' }));
  buildSync({
    stdin: { contents: `export * from '${name}'`, resolveDir: root },
    outfile: path.join(target, 'index.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    conditions: ['@bootstrap-gate/source'],
    logLevel: 'error',
  });
}
