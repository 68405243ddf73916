// How large each door is for who bundles it: minified and gzipped, with all that it imports, without Node's own and peers.
// Fails beyond a budget, and when a README states another size; `--update` writes the READMEs. Needs a build.
//
// Not size-limit: it wants a list of the doors with a budget each, and cannot compare a README.
import { build } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { published, root } from './workspace.mjs';

/** In kB. Raise one only for what is worth it to everybody who imports that door. */
const BUDGETS = {
  deadlock: 6,
  'deadlock/adapter': 4,
  core: 17,
  'core/adapter': 18,
  plan: 3.5,
  node: 27,
  'node/adapter': 25,
  express: 25,
  koa: 25,
  report: 24,
  'telemetry/opentelemetry': 3,
  'telemetry/prometheus': 2.5,
  conformance: 33,
};
const update = process.argv.includes('--update');
/** How much a README may be off. */
const tolerance = (size) => (update ? 0.05 : Math.max(0.3, size / 20));

const sizes = new Map();
for (const { folder, manifest } of published) {
  for (const door of Object.keys(manifest.exports).filter((key) => !key.endsWith('.json'))) {
    sizes.set(manifest.name + door.slice(1), await sizeOf(`${root}/${folder}`, manifest, door));
  }
}
for (const [door, size] of sizes) console.log(`${size.toFixed(1).padStart(6)} kB  ${door}`);

const problems = [...overBudget(), ...published.flatMap(misstated)];
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
function misstated({ folder, manifest: { name } }) {
  const measured = [...sizes]
    .filter(([door]) => (door === name || door.startsWith(`${name}/`)) && !door.endsWith('/adapter'))
    .map(([, size]) => size);
  return [
    ['README.md', new RegExp(`^\\| \\[\`${name}\`\\].*\\|([^|]*) kB \\|$`, 'm')],
    [`${folder}/README.md`, /^(.* kB.*), minified and gzipped|^(.* kB) minified and gzipped/m],
  ].flatMap(([readme, place]) => {
    const text = readFileSync(`${root}/${readme}`, 'utf8');
    const match = place.exec(text);
    const stated = [...(match?.[1] ?? match?.[2] ?? '').matchAll(/\d+\.\d/g)].map(Number);
    const fits = stated.length === measured.length;
    if (fits && stated.every((size, at) => Math.abs(size - measured[at]) <= tolerance(measured[at]))) return [];
    const figures = measured.map((size) => size.toFixed(1));
    if (!fits || !update) {
      return [`${readme} says of ${name}: ${stated.join(', ') || 'no'} kB. It is ${figures.join(', ')} kB`];
    }
    const line = match[0].replace(/\d+\.\d(?=.* kB)/g, () => figures.shift());
    writeFileSync(`${root}/${readme}`, text.replace(match[0], line));
    return [];
  });
}
