// What Stryker is told about each package.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import jestConfig from '../../jest.config.js';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * The packages that are mutated, and which of their tests are left out. Properties draw at random, so what they kill today
 * may survive tomorrow; the other ones take seconds, for every mutant.
 */
export const packages = {
  plan: ['property/', 'scale.test.ts'],
  deadlock: ['property/', 'bounded-memory.test.ts', 'innocent/(outside|promises|in-process).test.ts'],
  node: ['broken-adapters.test.ts'],
  core: ['property/'],
  express: ['broken-adapters.test.ts'],
  koa: ['broken-adapters.test.ts'],
};

/** Tests whose programs run in processes of their own, and the sources of which that is the only proof. */
const inChildren = {
  'packages/core/test/last-word.test.ts': ['packages/core/src/last-word.ts'],
  'packages/node/test/subscribed-channels.test.ts': ['packages/node/src/http-door.ts', 'packages/node/src/loopback.ts'],
};

/** @param lines patterns of Stryker's such as `packages/core/src/gate.ts:3-5`; without them the whole package */
export function optionsFor(name, { lines, fresh = false }) {
  return {
    mutate: lines ?? [`packages/${name}/src/**/*.ts`],
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
        testMatch: [`<rootDir>/packages/${name}/test/**/*.test.ts`],
        testPathIgnorePatterns: ['/node_modules/', ...packages[name].map((tests) => `/packages/${name}/test/${tests}`)],
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
