import { defineConfig } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const restricted = (name, where) => ({
  name,
  message: `Only ${where} may import ${name}: what is hooked into the process stays in one place per package.`,
});
const asyncHooks = restricted('node:async_hooks', 'src/context.ts of deadlock, core and conformance');
const channels = restricted(
  'node:diagnostics_channel',
  'src/channel.ts of deadlock, channels.ts of core, loopback.ts of node, listen.ts of telemetry, step-channel.ts of report and arrivals.ts of soak',
);

export default defineConfig(
  { ignores: ['**/dist/', '**/coverage/', '**/.next/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths: [asyncHooks, channels] }] },
  },
  {
    files: ['packages/{deadlock,core,conformance}/src/context.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths: [channels] }] },
  },
  {
    files: [
      'packages/{deadlock/src/channel,core/src/channels,node/src/loopback,telemetry/src/listen,report/src/step-channel,soak/src/arrivals}.ts',
    ],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths: [asyncHooks] }] },
  },
  {
    files: ['packages/once/src/context.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths: [channels] }] },
  },
  {
    files: ['packages/once/src/channel.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths: [asyncHooks] }] },
  },
  {
    // The doctor's preload is what observes a process; nothing else of the package runs in it.
    files: ['packages/doctor/src/preload/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': 'off' },
  },
  {
    // The processes that are measured are the bench's own.
    files: ['packages/bench/src/incoming.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    extends: [tseslint.configs.recommended],
    rules: { 'no-undef': 'error' },
    languageOptions: { globals: globals.node },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
