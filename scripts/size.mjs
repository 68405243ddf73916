// The size of each entry point for a bundler (.size-limit.mjs has the limits), and what Node loads for those that a server
// loads when it starts: files, bytes, and none of Node's own modules that are slow to import. Needs a build.
import { build } from 'esbuild';
import { root, run } from './workspace.mjs';

/** Time follows from these, and is in docs/benchmarks.md; unlike time, they are the same on every machine. */
const BUDGETS = {
  'bootstrap-gate': { files: 6, kB: 240 },
  'bootstrap-gate/express': { files: 7, kB: 280 },
  'bootstrap-gate/koa': { files: 7, kB: 280 },
  'bootstrap-gate/fetch': { files: 7, kB: 280 },
  'bootstrap-gate/hono': { files: 7, kB: 280 },
  'bootstrap-gate/fastify': { files: 7, kB: 280 },
  'bootstrap-gate/node': { files: 7, kB: 300 },
};

/**
 * An ES module that imports one of these has Node look at all its exports: node:http then brings undici along, node:crypto
 * the Web Crypto API (tens of milliseconds). They are taken by `process.getBuiltinModule` where they are used.
 */
const SLOW =
  /^node:(child_process|crypto|fs|fs\/promises|http|http2|https|inspector|net|stream|tls|util|v8|vm|worker_threads)$/;

const problems = [];
for (const [specifier, { files, kB }] of Object.entries(BUDGETS)) {
  const loaded = await loadedBy(specifier);
  const kilobytes = loaded.bytes / 1000;
  console.log(`${specifier} loads ${loaded.files} files, ${kilobytes.toFixed(0)} kB`);
  if (loaded.files > files) problems.push(`${specifier} loads ${loaded.files} files, its budget is ${files}`);
  if (kilobytes > kB) problems.push(`${specifier} loads ${kilobytes.toFixed(0)} kB, its budget is ${kB} kB`);
  for (const name of loaded.builtins.filter((name) => SLOW.test(name)))
    problems.push(
      `${specifier} imports ${name} when it is loaded; take it by process.getBuiltinModule where it is used`,
    );
}
for (const problem of problems) console.error(problem);
if (!run('size-limit', []) || problems.length > 0) process.exit(1);

/** What Node finds by itself for an import, whether of an ES module or by `require`: the same files. */
async function loadedBy(specifier) {
  const { metafile } = await build({
    stdin: { contents: `import '${specifier}'`, resolveDir: `${root}/packages/conformance` },
    conditions: ['module-sync'],
    platform: 'node',
    format: 'esm',
    bundle: true,
    write: false,
    treeShaking: false,
    ignoreAnnotations: true,
    metafile: true,
    absWorkingDir: root,
  });
  const inputs = atOnce(metafile.inputs);
  return {
    files: inputs.length - 1, // the first is the import itself
    bytes: inputs.slice(1).reduce((sum, { bytes }) => sum + bytes, 0),
    builtins: inputs.flatMap(({ imports }) => imports.filter((i) => i.external).map((i) => i.path)),
  };
}

/** Without what is loaded only when it is needed, such as the explanation of a stall. */
function atOnce(inputs) {
  const paths = ['<stdin>'];
  for (const path of paths)
    for (const { path: to, kind, external } of inputs[path].imports)
      if (!external && kind !== 'dynamic-import' && !paths.includes(to)) paths.push(to);
  return paths.map((path) => inputs[path]);
}
