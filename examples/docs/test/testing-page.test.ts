/** The code blocks of the guide on testing are tests: they run here, each in a `describe` of its own. */
import { join } from 'node:path';
import ts from 'typescript';
import { userFolder } from './lib/compiler.js';
import { codeBlocks, page } from './lib/markdown.js';

const blocks = codeBlocks(page('docs/guides/testing.md'));
const shop = blocks.find(({ language }) => language === 'ts')!;
const tests = blocks.filter(({ language }) => language === 'js');

const commonJs = (code: string): string =>
  ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  }).outputText;

function evaluate(code: string, modules: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const exports = {};
  const load = (name: string): unknown =>
    modules[name.replace(/\.js$/, '')] ??
    jest.requireActual(name.startsWith('./') ? join(userFolder, name.replace(/\.js$/, '.ts')) : name);
  new Function('require', 'exports', 'jest', commonJs(code))(load, exports, jest);
  return exports;
}

test('the guide shows tests for Jest and Vitest', () => {
  expect(tests.length).toBeGreaterThan(4);
});

for (const { page, line, code } of tests) {
  describe(`${page}:${line}`, () => {
    // Vitest's functions are those of Jest by other means.
    evaluate(code, { './shop': evaluate(shop.code, {}), vitest: { afterAll, test } });
  });
}
