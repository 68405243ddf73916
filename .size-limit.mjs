// How large each entry point is for users who bundle it: minified and gzipped, with all that it imports, without Node's own
// modules and the application's frameworks. `npm run size`. Raise a limit only for what is worth it to all who import it.
import { entryPoints, published } from './scripts/workspace.mjs';

const LIMITS = {
  'bootstrap-gate': '28 kB',
  'bootstrap-gate/adapter': '36 kB',
  'bootstrap-gate/express': '36 kB',
  'bootstrap-gate/koa': '36 kB',
  'bootstrap-gate/node': '38 kB',
  'bootstrap-gate/report': '24 kB',
  'bootstrap-gate/opentelemetry': '15 kB',
  'bootstrap-gate/prometheus': '15 kB',
  'bootstrap-gate/shutdown': '15 kB',
  '@bootstrap-gate/deadlock': '34 kB',
  '@bootstrap-gate/deadlock/adapter': '11 kB',
  '@bootstrap-gate/deadlock/why': '19 kB',
  '@bootstrap-gate/once': '4 kB',
  '@bootstrap-gate/once/postgres': '18 kB',
  '@bootstrap-gate/once/file': '13 kB',
  '@bootstrap-gate/once/redis': '13 kB',
  '@bootstrap-gate/conformance': '42 kB',
};

export default published.flatMap(({ folder, manifest }) =>
  entryPoints(manifest).map(({ specifier, file }) => ({
    name: specifier,
    path: `${folder}/dist/${file}.js`,
    limit: LIMITS[specifier] ?? '0 B',
    gzip: true,
    ignore: Object.keys(manifest.peerDependencies ?? {}),
    modifyEsbuildConfig: (config) => ({ ...config, platform: 'node', format: 'esm' }),
  })),
);
