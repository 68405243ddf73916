/** The command as it is published, built from the sources into a folder of its own, with applications beside it. */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { root } from './root.js';

export interface Built {
  readonly cli: string;
  readonly preloads: { readonly register: string; readonly awaits: string };
  /** A copy of the small applications, which may be changed. */
  readonly apps: string;
  remove(): void;
}

export function build(): Built {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'doctor-test-')));
  const out = (file: string) => path.join(folder, 'package/dist', file);
  const common = { bundle: true, platform: 'node', target: 'node20', logLevel: 'error' } as const;
  const conditions = ['@bootstrap-gate/source'];
  const source = (file: string) => path.join(root, 'src', file);
  for (const file of ['cli', 'guard']) {
    buildSync({ ...common, entryPoints: [source(`${file}.ts`)], outfile: out(`${file}.js`), format: 'esm' });
  }
  for (const file of ['register', 'awaits']) {
    const outfile = out(`${file}.cjs`);
    buildSync({ ...common, entryPoints: [source(`preload/${file}.ts`)], outfile, format: 'cjs', conditions });
  }
  writeFileSync(path.join(folder, 'package/package.json'), '{ "type": "module", "version": "0.0.0-test" }');

  const apps = path.join(folder, 'apps');
  cpSync(path.join(root, 'test/corpus/small'), apps, { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  bundleGate(apps);
  const preloads = { register: out('register.cjs'), awaits: out('awaits.cjs') };
  return { cli: out('cli.js'), preloads, apps, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The gate that a cure imports, from the sources too. */
function bundleGate(apps: string): void {
  const folder = path.join(apps, 'node_modules/bootstrap-gate');
  mkdirSync(folder, { recursive: true });
  const doors = ['express', 'koa'];
  const exports = Object.fromEntries(doors.map((door) => [`./${door}`, `./${door}.cjs`]));
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'bootstrap-gate', version: '0.0.0', exports }),
  );
  for (const door of doors) {
    buildSync({
      stdin: { contents: `export * from 'bootstrap-gate/${door}'`, resolveDir: root },
      outfile: path.join(folder, `${door}.cjs`),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      conditions: ['@bootstrap-gate/source'],
      logLevel: 'error',
    });
  }
}
