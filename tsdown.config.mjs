// What is published: one file for each entry point and the chunks that they share, as ESM and as CommonJS, with types
// rolled up in the same way. See docs/adr/0018-bundled-by-tsdown.md.
import { defineConfig } from 'tsdown';
import { entryPoints, published } from './scripts/workspace.mjs';

/** What several entry points share: few files, since each one costs about as long to find as to read. */
const shared = (name, folders) => ({
  name,
  minShareCount: 2,
  test: new RegExp(`bootstrap-gate/src/(${folders})\\b.*(?<![.]d)[.]ts$`),
});
const groups = [shared('gate', 'kit|observe|gate|startup|create-gate|gate-options'), shared('http', 'http|doors')];

export default defineConfig(
  published.map(({ folder, name, manifest }) => ({
    name,
    cwd: folder,
    entry: Object.fromEntries(entryPoints(manifest).map(({ file, source }) => [file, source])),
    format: ['esm', 'cjs'],
    platform: 'node',
    target: 'node20.19',
    // `.js` beside `.cjs`, as the package is "type": "module".
    fixedExtension: false,
    hash: false,
    sourcemap: true,
    dts: { sourcemap: false },
    // scripts/build.mjs does that.
    clean: false,
    outputOptions: { codeSplitting: { groups } },
  })),
);
