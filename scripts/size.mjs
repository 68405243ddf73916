// How large each door is for who bundles it: minified and gzipped, with all that it imports, without Node's own and peers.
// Fails beyond a budget, and when a README states another size. Needs a build.
//
// Not size-limit: it needs a list of the doors and its own copy of their budgets, and cannot compare a README.
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { published, root } from './workspace.mjs';

/** In kB. Raise one only for what is worth it to everybody who imports that door. */
const BUDGETS = {
  deadlock: 5,
  'deadlock/adapter': 3.5,
  core: 15,
  'core/adapter': 16,
  plan: 3.5,
  node: 25,
  'node/adapter': 23,
  express: 23,
  koa: 23,
  report: 23,
  'telemetry/opentelemetry': 3,
  'telemetry/prometheus': 2.5,
  conformance: 31,
};
/** How much a README may be off. */
const tolerance = (size) => Math.max(0.3, size / 20);

const sizes = new Map();
for (const { folder, manifest } of published) {
  for (const door of Object.keys(manifest.exports).filter((key) => !key.endsWith('.json'))) {
    sizes.set(manifest.name + door.slice(1), await sizeOf(`${root}/${folder}`, manifest, door));
  }
}

const problems = [...overBudget(), ...misstated()];
for (const [door, size] of sizes) console.log(`${size.toFixed(1).padStart(6)} kB  ${door}`);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);

async function sizeOf(folder, manifest, door) {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${manifest.name + door.slice(1)}'`, resolveDir: folder },
    external: Object.keys(manifest.peerDependencies ?? {}),
    platform: 'node',
    format: 'esm',
    bundle: true,
    minify: true,
    write: false,
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length / 1000;
}

function overBudget() {
  return [...sizes].flatMap(([door, size]) => {
    const budget = BUDGETS[door.replace('@bootstrap-gate/', '')];
    if (budget === undefined) return [`${door} has no budget`];
    return size > budget ? [`${door} is ${size.toFixed(1)} kB, more than its budget of ${budget} kB`] : [];
  });
}

/** What the READMEs say of the doors for applications: the root's table of packages, and the sentence of each package. */
function misstated() {
  const rows = readFileSync(`${root}/README.md`, 'utf8').matchAll(/^\| \[`(@[^`]+)`\].*\| +(\d[^|]*) \|$/gm);
  const table = new Map([...rows].map(([, name, cell]) => [name, [...cell.matchAll(/[\d.]+/g)].map(Number)]));
  return published.flatMap(({ folder, manifest: { name } }) => {
    const sentence = readFileSync(`${root}/${folder}/README.md`, 'utf8').matchAll(/([\d.]+) kB/g);
    const measured = [...sizes]
      .filter(([door]) => door.startsWith(name) && !door.endsWith('/adapter'))
      .map(([, size]) => size);
    return [
      ['README.md', table.get(name) ?? []],
      [`${folder}/README.md`, [...sentence].map(([, size]) => Number(size))],
    ].flatMap(([readme, stated]) =>
      stated.length === measured.length &&
      stated.every((size, at) => Math.abs(size - measured[at]) <= tolerance(measured[at]))
        ? []
        : [
            `${readme} says of ${name}: ${stated.join(' and ') || 'no'} kB. It is ${measured.map((size) => size.toFixed(1)).join(' and ')} kB`,
          ],
    );
  });
}
