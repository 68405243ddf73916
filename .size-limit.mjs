// How large each entry point is for users who bundle it: minified and gzipped, with all that it imports, without Node's own
// modules and the application's frameworks. 21 kB of each gate explain a stall, and are loaded only then. `npm run size`. Raise a limit only for what is worth it to all who import it.
import { entryPoints, published } from './scripts/workspace.mjs';

const LIMITS = {
  'bootstrap-gate': '49 kB',
  'bootstrap-gate/adapter': '57 kB',
  'bootstrap-gate/express': '58 kB',
  'bootstrap-gate/koa': '58 kB',
  'bootstrap-gate/fetch': '58 kB',
  'bootstrap-gate/hono': '58 kB',
  'bootstrap-gate/fastify': '58 kB',
  'bootstrap-gate/nest': '58 kB',
  'bootstrap-gate/node': '60 kB',
  'bootstrap-gate/shutdown': '14 kB',
  'bootstrap-gate/report': '22 kB',
  'bootstrap-gate/opentelemetry': '15 kB',
  'bootstrap-gate/prometheus': '15 kB',
  '@bootstrap-gate/deadlock': '31 kB',
  '@bootstrap-gate/deadlock/adapter': '16 kB',
  '@bootstrap-gate/deadlock/why': '18 kB',
  '@bootstrap-gate/once': '4 kB',
  '@bootstrap-gate/once/postgres': '18 kB',
  '@bootstrap-gate/once/file': '13 kB',
  '@bootstrap-gate/once/redis': '13 kB',
  '@bootstrap-gate/conformance': '62 kB',
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
