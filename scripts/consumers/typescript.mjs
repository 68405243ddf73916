// Compiles a consumer against the types that are published, without mercy for what is wrong in them.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../workspace.mjs';

const STRICT = ['--strict', '--exactOptionalPropertyTypes', '--esModuleInterop', '--skipLibCheck', 'false'];
const COMMON = [...STRICT, '--target', 'es2022', '--types', 'node', '--pretty', 'false'];

// `.mts` is an ESM consumer, `.cts` a CommonJS one; a bundler makes no difference.
const both = ['types/doors.mts', 'types/doors.cts', 'types/usage.mts', 'types/usage.cts'];
const options = {
  node16: ['--module', 'node16', '--moduleResolution', 'node16', ...both],
  nodenext: ['--module', 'nodenext', '--moduleResolution', 'nodenext', ...both],
  bundler: ['--module', 'esnext', '--moduleResolution', 'bundler', 'types/doors.ts', 'types/usage.ts'],
};

/** With each compiler and its resolutions; the last compiler also makes the README's programs. */
export function compileConsumer(cwd, compilers) {
  const compiled = compilers.every(({ tsc, resolutions }) =>
    resolutions.every((resolution) => {
      const passed = run('node', [tsc, ...COMMON, '--noEmit', ...options[resolution]], { cwd });
      console.log(`TypeScript ${versionOf(tsc)}, ${resolution}: ${passed ? 'ok' : 'FAILED'}`);
      return passed;
    }),
  );
  const readme = readdirSync(join(cwd, 'readme')).map((file) => `readme/${file}`);
  const emitted = ['--module', 'nodenext', '--outDir', 'readme', ...readme];
  return compiled && run('node', [compilers.at(-1).tsc, ...COMMON, ...emitted], { cwd });
}

function versionOf(tsc) {
  return JSON.parse(readFileSync(join(dirname(tsc), '../package.json'), 'utf8')).version;
}
