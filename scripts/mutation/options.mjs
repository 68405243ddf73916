// What Stryker is told about each unit of the sources.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import jestConfig from '../../jest.config.js';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

const gate = 'packages/bootstrap-gate';

/**
 * What is mutated together, each with the tests that judge it, and those of them that are left out: properties draw at
 * random, so what they kill today may survive tomorrow; the other ones take seconds, for every mutant.
 */
export const units = {
  plan: { sources: [`${gate}/src/plan/`], tests: [`${gate}/test/plan/`], without: ['property/', 'scale.test.ts'] },
  deadlock: {
    sources: ['packages/deadlock/src/'],
    tests: ['packages/deadlock/test/'],
    without: ['property/', 'corpus/', 'bounded-memory.test.ts', 'innocent/(outside|promises|in-process).test.ts'],
  },
  gate: {
    sources: [
      ...['kit', 'observe', 'gate', 'startup'].map((floor) => `${gate}/src/${floor}/`),
      ...['create-gate', 'gate-options', 'shutdown'].map((file) => `${gate}/src/${file}.ts`),
    ],
    tests: [
      ...['kit', 'observe', 'gate', 'startup', 'regression', 'security'].map((floor) => `${gate}/test/${floor}/`),
      `${gate}/test/shutdown.test.ts`,
    ],
    without: [],
  },
  http: {
    sources: [`${gate}/src/http/`, `${gate}/src/doors/node/`, `${gate}/src/doors/create-door.ts`],
    tests: [`${gate}/test/http/`, `${gate}/test/doors/node/`],
    without: ['broken-adapters.test.ts'],
  },
  express: {
    sources: [`${gate}/src/doors/express.ts`],
    tests: [`${gate}/test/doors/express/`],
    without: ['broken-adapters.test.ts'],
  },
  koa: {
    sources: [`${gate}/src/doors/koa.ts`],
    tests: [`${gate}/test/doors/koa/`],
    without: ['broken-adapters.test.ts'],
  },
  fastify: {
    sources: [`${gate}/src/doors/fastify.ts`],
    tests: [`${gate}/test/doors/fastify/`],
    without: ['broken-adapters.test.ts'],
  },
  nest: {
    sources: [`${gate}/src/doors/nest.ts`],
    tests: [`${gate}/test/doors/nest/`],
    without: ['shutdown.test.ts'],
  },
};

/** The unit that a source file belongs to, by its name. */
export const unitOf = (file) =>
  Object.keys(units).find((name) => units[name].sources.some((source) => file.startsWith(source)));

/** Tests whose programs run in processes of their own, and the sources of which that is the only proof. */
const inChildren = {
  [`${gate}/test/observe/exit-warning.test.ts`]: [`${gate}/src/observe/exit-warning.ts`],
  [`${gate}/test/doors/node/subscribed-channels.test.ts`]: [
    `${gate}/src/http/http-door.ts`,
    `${gate}/src/doors/node/loopback.ts`,
  ],
};

/** A folder ends with a slash. */
const below = (path, files) => (path.endsWith('/') ? `${path}**/${files}` : path);

/** @param lines patterns of Stryker's such as `packages/deadlock/src/cycle.ts:3-5`; without them the whole unit */
export function optionsFor(name, { lines, fresh = false }) {
  const { sources, tests, without } = units[name];
  return {
    mutate: lines ?? sources.map((source) => below(source, '*.ts')),
    testRunner: 'jest',
    plugins: [import.meta.resolve('@stryker-mutator/jest-runner')],
    coverageAnalysis: 'perTest',
    concurrency: 2,
    testRunnerNodeArgs: ['--expose-gc'],
    // What a mutant left running must not trouble many others.
    maxTestRunnerReuse: 20,
    jest: {
      configFile: 'jest.config.js',
      enableFindRelatedTests: false,
      config: {
        roots: ['<rootDir>/packages'],
        testMatch: tests.map((test) => `<rootDir>/${below(test, '*.test.ts')}`),
        testPathIgnorePatterns: ['/node_modules/', ...without.map((test) => `/packages/[^/]+/test/(.+/)?${test}`)],
        runner: here('first-failure-runner.mjs'),
        testEnvironment: here('first-failure-environment.mjs'),
        testEnvironmentOptions: { ...jestConfig.testEnvironmentOptions, inChildren },
      },
    },
    // Not in the workspace, where Jest would find every package twice, nor below node_modules, where it looks for nothing.
    tempDirName: join(tmpdir(), 'bootstrap-gate-mutation'),
    cleanTempDir: 'always',
    symlinkNodeModules: false,
    buildCommand: 'node scripts/mutation/link-dependencies.mjs',
    ignorePatterns: ['/.git', 'dist', 'coverage', '/examples/slow-start/out'],
    incremental: !lines,
    incrementalFile: `node_modules/.cache/mutation/${name}.json`,
    force: fresh,
    timeoutMS: 60_000,
    timeoutFactor: 4,
    dryRunTimeoutMinutes: 10,
    reporters: ['progress-append-only'],
    logLevel: 'warn',
    warnings: { slow: false },
    allowConsoleColors: false,
  };
}
