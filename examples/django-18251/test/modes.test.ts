/** Every mode in a process of its own, and the README beside it. */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const demo = require.resolve('../src/demo.ts');
const broken = require.resolve('./broken.ts');
const textOf = (file: string): string => readFileSync(join(__dirname, '..', file), 'utf8');
const readme = textOf('README.md');
const dir = mkdtempSync(join(tmpdir(), 'django-18251-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

jest.setTimeout(60_000);

/** Runs a program from the sources. Its output goes into one file, so that what it logs keeps its place. */
async function run(program: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const file = join(dir, 'output');
  const out = openSync(file, 'w');
  const flags = ['-C', '@bootstrap-gate/source', require.resolve('../../../scripts/run-typescript.mjs')];
  const child = spawn(process.execPath, [...flags, program, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '' },
    stdio: ['ignore', out, out],
  });
  const code = await new Promise<number>((resolve, reject) => child.on('error', reject).on('exit', resolve));
  closeSync(out);
  return { code, output: readFileSync(file, 'utf8') };
}

/** Without what differs between runs, and between sources and build: times, places, the id of the process. */
const normalised = (text: string): string =>
  text
    .replace(/\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
    .replace(/\([^()\s]*\bsite\.ts:\d+:\d+\)/g, '(site.ts)')
    .replace(/<anonymous> \(site\.ts\)/g, 'site.ts')
    .replace(/\(node:\d+\)/g, '(node:ID)')
    .trim();

const modes = ['naive', 'traced', 'order', 'gated'];

test.each(modes)('D9: npm start -- %s shows what its name says, as the README has it', async (mode) => {
  const [, shown = ''] = new RegExp(`npm start -- ${mode}\n\`\`\`\n+\`\`\`text\n(.*?)\`\`\``, 's').exec(readme) ?? [];
  const { code, output } = await run(demo, mode);
  expect(normalised(output)).toBe(normalised(shown));
  expect(code).toBe(0);
});

test.each([
  ['naive', 'traced locks', 'GET /page: 200, GET /admin: 500'],
  ['traced', 'plain locks', 'GET /page: no answer, GET /admin: no answer'],
  ['order', 'plain locks', 'Warnings: 0'],
  ['gated', 'no gate', 'In the site: 10, at the gate: 0'],
])('D9: %s with %s does not show it, says so and exits with 1', async (mode, _what, shown) => {
  const { code, output } = await run(broken, mode);
  expect(output).toContain(shown);
  expect(output).toContain(`${mode}: NOT as its name says`);
  expect(code).toBe(1);
});

test.each([[[]], [['nonsense']], [['constructor']]])(
  'D9: npm start -- %j names the four modes and exits with 1',
  async (args) => {
    const { code, output } = await run(demo, ...args);
    expect(output.match(/npm start -- \w+/g)).toEqual(modes.map((mode) => `npm start -- ${mode}`));
    expect(code).toBe(1);
  },
);

test('the places in the README are where the locks are taken', () => {
  const lines = textOf('src/site.ts').split('\n');
  const places = [...readme.matchAll(/site\.ts:(\d+):(\d+)/g)];
  expect(places).toHaveLength(12);
  for (const [, line, column] of places) {
    expect(lines[Number(line) - 1]?.slice(Number(column) - 1)).toMatch(/^runExclusive\(/);
  }
});
