// How large each entry point is for users who bundle it: minified and gzipped, with all that it imports, without Node's own
// modules and the application's frameworks. `npm run size`. Raise a limit only for what is worth it to all who import it.
import { entryPoints, published } from './scripts/workspace.mjs';

const LIMITS = {
  'bootstrap-gate': '24 kB',
  'bootstrap-gate/adapter': '31 kB',
  'bootstrap-gate/express': '31 kB',
  'bootstrap-gate/koa': '31 kB',
  'bootstrap-gate/fetch': '31 kB',
  'bootstrap-gate/hono': '31 kB',
  'bootstrap-gate/fastify': '31 kB',
  'bootstrap-gate/nest': '31 kB',
  'bootstrap-gate/node': '33 kB',
  'bootstrap-gate/shutdown': '7 kB',
  'bootstrap-gate/report': '22 kB',
  'bootstrap-gate/opentelemetry': '7 kB',
  'bootstrap-gate/prometheus': '7 kB',
  '@bootstrap-gate/deadlock': '31 kB',
  '@bootstrap-gate/deadlock/adapter': '16 kB',
  '@bootstrap-gate/deadlock/why': '18 kB',
  '@bootstrap-gate/once': '4 kB',
  '@bootstrap-gate/once/postgres': '18 kB',
  '@bootstrap-gate/once/file': '13 kB',
  '@bootstrap-gate/once/redis': '13 kB',
  '@bootstrap-gate/conformance': '36 kB',
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
