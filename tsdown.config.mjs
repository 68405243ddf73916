// What is published: one file for each entry point and the chunks that they share, as ESM and as CommonJS, with types
// rolled up in the same way. See docs/adr/0020-bundled-by-tsdown.md.
import { defineConfig } from 'tsdown';
import { entryPoints, published } from './scripts/workspace.mjs';

/** What several entry points share: few files, since each one costs about as long to find as to read. */
const shared = (name, sources) => ({
  name,
  minShareCount: 2,
  test: new RegExp(`/packages/(${sources})\\b.*(?<![.]d)[.]ts$`),
});
const groups = [
  shared('gate', 'bootstrap-gate/src/(kit|observe|gate|startup|create-gate|gate-options)'),
  shared('http', 'bootstrap-gate/src/(http|doors)'),
  // What a gate needs of it; what explains a stall is loaded by those who ask.
  shared('graph', 'deadlock/src/(?!explain|open|describe-stall)'),
];

const common = {
  platform: 'node',
  target: 'node20.19',
  // `.js` beside `.cjs`, as the packages are "type": "module".
  fixedExtension: false,
  hash: false,
  sourcemap: true,
  // scripts/build.mjs does that.
  clean: false,
};

const libraries = published
  .filter(({ manifest }) => entryPoints(manifest).length > 0)
  .map(({ folder, name, manifest }) => ({
    ...common,
    name,
    cwd: folder,
    entry: Object.fromEntries(entryPoints(manifest).map(({ file, source }) => [file, source])),
    format: ['esm', 'cjs'],
    dts: { sourcemap: false },
    outputOptions: { codeSplitting: { groups } },
  }));

/** A command has no entry points. What it loads into the application is CommonJS: that is what `--require` takes. */
const doctor = ['cli', 'guard', 'preload/register', 'preload/awaits'].map((file) => ({
  ...common,
  name: `doctor ${file}`,
  cwd: 'packages/doctor',
  entry: { [file.replace('preload/', '')]: `./src/${file}.ts` },
  format: file.startsWith('preload/') ? 'cjs' : 'esm',
  dts: false,
}));

export default defineConfig([...libraries, ...doctor]);
