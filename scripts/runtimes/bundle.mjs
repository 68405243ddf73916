// Makes programs of TypeScript tests that any runtime can run. What the tests take from the sources is left out of the
// bundle and comes from the built packages, by the names that applications use.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { published, root } from '../workspace.mjs';

const tests = `${root}/packages/bootstrap-gate/test/runtimes`;
// Inside the package, which then finds itself by its name, and the frameworks of its tests.
const outputs = `${tests}/dist`;

/** For Bun, Deno and Node: frameworks and packages are imported. @returns the file */
export async function bundleProgram(name) {
  const outfile = `${outputs}/${name}.mjs`;
  await build({ ...common(name), outfile, platform: 'node', packages: 'external', plugins: [publishedNames] });
  return outfile;
}

/** For workerd: everything in one file. @returns the file */
export async function bundleWorker(name) {
  const outfile = `${outputs}/${name}.mjs`;
  await build({
    ...common(name),
    outfile,
    conditions: ['workerd', 'worker', 'import'],
    external: ['node:*'],
    plugins: [publishedNames],
  });
  return outfile;
}

const common = (name) => ({
  entryPoints: [`${tests}/${name}.ts`],
  bundle: true,
  format: 'esm',
  target: 'es2022',
  logLevel: 'warning',
});

const publishedNames = {
  name: 'published-names',
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\/.*\.js$/ }, async ({ path: asked, resolveDir, kind, importer }) => {
      const source = path.resolve(resolveDir, asked.replace(/\.js$/, '.ts'));
      if (!/\/packages\/[^/]+\/src\//.test(source) || !existsSync(source)) return undefined;
      const name = entryPoints.get(source);
      if (!name) return { errors: [{ text: `${source} is no entry point, so it cannot be run as it is published` }] };
      return await build.resolve(name, { resolveDir, kind, importer });
    });
  },
};

const entryPoints = new Map(
  published.flatMap(({ folder, manifest }) =>
    Object.entries(manifest.exports)
      .filter(([, target]) => target['@bootstrap-gate/source'])
      .map(([subpath, target]) => [
        path.join(root, folder, target['@bootstrap-gate/source']),
        `${manifest.name}${subpath.slice(1)}`,
      ]),
  ),
);
