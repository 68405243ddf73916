/**
 * Every block of `ts` or `js` in the READMEs, the docs, the changesets and all other pages is a program: it compiles, it runs, and
 * its servers answer. What the reader has to bring is in the folder `user`, which the blocks import as `./database.js`
 * and `./app.js`. Whatever port a block asks for, it gets a free one.
 */
import diagnostics from 'node:diagnostics_channel';
import { register } from 'prom-client';
import { compile, problems } from './lib/compiler.js';
import { codeBlocks, pages } from './lib/markdown.js';
import { runBlock, statusOf } from './lib/run-block.js';
import { uses } from './user/database.js';

/** Run elsewhere: excerpts of applications, the adapter of its guide, tests, and a proof, which takes a small heap. */
const elsewhere = /^docs\/doctor\/|^docs\/guides\/(writing-an-adapter|testing)[.]md$|^packages\/deadlock\/README[.]md$/;

const blocks = pages()
  .filter(({ path }) => !elsewhere.test(path))
  .filter(({ path }) => !path.endsWith('CHANGELOG.md')) // made of changesets, which have been here themselves
  .flatMap(codeBlocks)
  .filter(({ language }) => /^[tj]s$/.test(language));

const nameOf = ({ page, line }: (typeof blocks)[number]): string => `${page.replace(/\W/g, '-')}-${line}.ts`;

const named = blocks.map((block) => [`${block.page}:${block.line}`, block] as const);

let subscribed: jest.SpiedFunction<typeof diagnostics.subscribe>;

beforeEach(() => {
  process.env.DRAIN_MS = '0';
  jest.spyOn(console, 'log').mockImplementation(() => {});
  jest.spyOn(process.stdout, 'write').mockReturnValue(true); // the log of Nest
  subscribed = jest.spyOn(diagnostics, 'subscribe');
});

afterEach(() => {
  // Each block is a program of its own, with listeners and metrics of its own.
  for (const subscription of subscribed.mock.calls) diagnostics.unsubscribe(...subscription);
  register.clear();
  delete process.env.DRAIN_MS;
  jest.restoreAllMocks();
});

test('the code blocks of the documentation compile', () => {
  const typed = blocks.filter(({ language }) => language === 'ts');
  const program = compile(new Map(typed.map((block) => [nameOf(block), block.code])));
  expect(typed.flatMap((block) => problems(program, nameOf(block)))).toEqual([]);
}, 60_000);

describe('the code blocks of the documentation run without a warning, and their servers answer', () => {
  test.each(named)(
    '%s',
    async (_name, block) => {
      const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const running = await runBlock(block);
      try {
        for (const server of running.servers) {
          const answers = await Promise.all([statusOf(server), statusOf(server), statusOf(server)]);
          expect(answers.filter((status) => status === undefined || status >= 500)).toEqual([]);
        }
      } finally {
        await running.stop();
      }
      expect(warnings.mock.calls.map(([warning]) => String(warning))).toEqual([]);
    },
    30_000,
  );
});

test('A1: the first program of the README opens one database for three requests', async () => {
  const first = blocks.find(({ page }) => page === 'README.md');
  const before = uses.opened;
  const { servers, stop } = await runBlock(first as (typeof blocks)[number]);
  const answers = await Promise.all(servers.flatMap((server) => [1, 2, 3].map(() => statusOf(server))));
  await stop();
  expect(answers).toEqual([200, 200, 200]);
  expect(uses.opened - before).toBe(1);
});
