import { type Plan, plan } from 'bootstrap-gate';
import { compile, problems } from './lib/compiler.js';
import { type Block, codeBlocks, page } from './lib/markdown.js';
import { runBlock } from './lib/run-block.js';

const blocks = codeBlocks(page('docs/guides/plans.md'));

/** The blocks that are followed by an output, with it. */
const shown = blocks.flatMap((program, at): [string, Block, string][] => {
  const output = blocks[at + 1];
  return output && /^(text|mermaid)$/.test(output.language) ? [[program.code, program, output.code.trim()]] : [];
});
const rejected = shown.filter(([code]) => code.includes('@ts-expect-error'));
const printing = shown.filter(([code]) => code.includes('console.log'));

test('docs/guides/plans.md shows what the compiler says', () => {
  expect(rejected).toHaveLength(1);
  for (const [code, , said] of rejected) {
    const files = new Map([['plan.ts', code.replace('// @ts-expect-error', '')]]);
    expect(problems(compile(files), 'plan.ts').join('\n')).toContain(said);
  }
}, 60_000);

test('docs/guides/plans.md shows what its programs print', async () => {
  expect(printing).toHaveLength(2);
  for (const [, program, output] of printing) {
    const log = jest.spyOn(console, 'log').mockImplementation(() => {});
    await (await runBlock(program)).stop();
    expect(log.mock.calls.join('\n').trim()).toBe(output);
    log.mockRestore();
  }
});

test('docs/errors.md shows what a plan that cannot run says', () => {
  const shown = codeBlocks(page('docs/errors.md')).find(({ code }) => code.startsWith('This plan cannot run:'));
  const needs: Record<string, string[]> = { api: ['databse'], users: ['sessions'], sessions: ['users'] };
  let made: Plan<Record<string, void>> = plan();
  for (const name of ['cache', 'database', 'api', 'cache', 'users', 'sessions'])
    made = made.step(name, needs[name] ?? [], () => {});
  expect(() => made.check()).toThrow(new Error(shown?.code.trim()));
});
