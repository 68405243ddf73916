// Packs every published package as npm would, has publint and attw look at it, and loads its doors. Needs a build.
import { published, root, run } from './workspace.mjs';

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

const failed = published.filter(({ folder, manifest }) => {
  const cwd = `${root}/${folder}`;
  console.log(`\n${folder}`);
  const lints = run('publint', ['--strict', '--pack', 'npm'], { cwd });
  // node16: resolution from before `exports` (node10) cannot see the second doors; every supported Node can.
  const types = run('attw', ['--pack', '--profile', 'node16', '--format', 'ascii'], { cwd });
  const single = Object.keys(manifest.exports)
    .filter((door) => !door.endsWith('.json'))
    .every((door) =>
      run('node', ['--input-type=module', '--eval', sameModule, manifest.name + door.slice(1)], { cwd }),
    );
  return !(lints && types && single);
});
if (failed.length > 0) {
  console.error(`\nNot fit to publish: ${failed.map(({ manifest }) => manifest.name).join(', ')}`);
  process.exit(1);
}
