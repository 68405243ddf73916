import { defineConfig } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const restricted = (name, where) => ({
  name,
  message: `Only ${where} may import ${name}: what is hooked into the process stays in one place per package.`,
});
const asyncHooks = restricted('node:async_hooks', 'src/context.ts of core and of conformance');
const channels = restricted(
  'node:diagnostics_channel',
  'core/src/channels.ts, node/src/loopback.ts and report/src/step-channel.ts',
);

export default defineConfig(
  { ignores: ['**/dist/', '**/coverage/'] },
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
    files: ['packages/{core,conformance}/src/context.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths: [channels] }] },
  },
  {
    files: ['packages/core/src/channels.ts', 'packages/node/src/loopback.ts', 'packages/report/src/step-channel.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths: [asyncHooks] }] },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    extends: [tseslint.configs.recommended],
    rules: { 'no-undef': 'error' },
    languageOptions: { globals: globals.node },
  },
);
