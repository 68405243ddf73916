const swc = [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true },
      target: 'es2022',
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

/** What is published as ES modules only: before Node 24.9 Jest cannot require these. */
const esModules = 'cookie|@nestjs/[\\w-]+|file-type|strtok3|token-types|uint8array-extras|@tokenizer/[\\w-]+|load-esm';

/** @type {import('jest').Config} */
export default {
  // A machine that is busy with something else is slow, not wrong: no test asserts a time.
  testTimeout: 180_000,
  // A worker a core, and a new one when it has grown: tests that collect the garbage of a large process take long.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '800MB',
  testMatch: ['<rootDir>/packages/*/test/**/*.test.ts', '<rootDir>/examples/*/test/**/*.test.ts'],
  // Tests run from the sources, nothing needs to be built: the workspace packages export them under this condition.
  testEnvironmentOptions: { customExportConditions: ['@bootstrap-gate/source', 'node', 'node-addons'] },
  // Relative imports carry the extension that Node will see. Dependencies find their .js file, the sources their .ts file.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1.ts'] },
  // Known to fail, each to be cured: a loopback that needs a small heap, a property above the heap limit, hangs that expect
  // an immediate refusal.
  testPathIgnorePatterns: [
    '/node_modules/',
    '/test/runtimes/core[.]test[.]ts$',
    '/test/judge/endings[.]property[.]test[.]ts$',
    '/deadlock/test/hangs/',
  ],
  modulePathIgnorePatterns: ['<rootDir>/(packages|examples)/[^/]+/dist/'],
  transform: { '\\.ts$': swc, [`/node_modules/(${esModules})/.*\\.js$`]: swc },
  transformIgnorePatterns: [`/node_modules/(?!\\.pnpm/|(${esModules})/)`],
};
