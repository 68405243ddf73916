// Packs every published package as npm would, looks at what is in it, has publint and attw do so, and loads its entry
// points. Needs a build. `npm run packages -- deadlock` for one of them.
import { execFileSync } from 'node:child_process';
import { entryPoints, published, root, run } from './workspace.mjs';

// `import` and `require` in one process must get one module: two copies are two lock tables, and exclude nothing.
const sameModule = `
  import { createRequire } from 'node:module';
  const name = process.argv[1];
  const imported = await import(name);
  const required = createRequire(process.cwd() + '/x.js')(name);
  if (Object.keys(imported).some((key) => imported[key] !== required[key])) {
    console.error(name + ': import and require load two copies');
    process.exit(1);
  }`;

const asked = process.argv.slice(2);
const chosen = published.filter(({ name }) => asked.length === 0 || asked.includes(name));
const failed = chosen.filter(({ folder, manifest }) => {
  const cwd = `${root}/${folder}`;
  console.log(`\n${folder}`);
  const lints = run('publint', ['--strict', '--pack', 'npm'], { cwd });
  // node16: resolution from before `exports` (node10) cannot see the second doors; every supported Node can.
  const types = run('attw', ['--pack', '--profile', 'node16', '--format', 'ascii'], { cwd });
  const single = entryPoints(manifest).every(({ specifier }) =>
    run('node', ['--input-type=module', '--eval', sameModule, specifier], { cwd }),
  );
  return !(complete(manifest.name, cwd) && lints && types && single);
});
if (failed.length > 0) {
  console.error(`\nNot fit to publish: ${failed.map(({ manifest }) => manifest.name).join(', ')}`);
  process.exit(1);
}

/** What helps a reader and a debugger is in it, what only we need is not. */
function complete(name, cwd) {
  const args = ['pack', '--dry-run', '--json', '--loglevel', 'error'];
  const packed = JSON.parse(execFileSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' }));
  const files = Object.values(packed)[0].files.map(({ path }) => path);
  const missing = ['LICENSE', 'README.md', 'package.json', 'src/'].filter(
    (wanted) => !files.some((path) => path.startsWith(wanted)),
  );
  const ours = /^(LICENSE|README\.md|package\.json|src\/.+\.ts|dist\/[^/]+(\.c?js(\.map)?|\.d\.c?ts))$/;
  const foreign = files.filter((path) => !ours.test(path) || path.includes('.test.'));
  const wrong = { missing, foreign };
  for (const [what, paths] of Object.entries(wrong)) {
    if (paths.length > 0) console.error(`${name}, ${what} in what is packed: ${paths.join(', ')}`);
  }
  return Object.values(wrong).every((paths) => paths.length === 0);
}
