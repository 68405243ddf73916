/** D9: each mode shows what its name says, and the README shows what they print. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { untraced } from '../src/modes.js';

const root = join(__dirname, '../../..');
const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');

/** Runs `npm start -- mode`, from the sources. */
function start(...args: string[]): Promise<{ code: number | null; output: string }> {
  const runner = [join(root, 'scripts/run-typescript.mjs'), join(__dirname, '../src/main.ts')];
  const child = spawn(process.execPath, ['-C', '@bootstrap-gate/source', ...runner, ...args], {
    env: { ...process.env, NODE_OPTIONS: '--no-warnings' },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** What the README says that a mode prints. */
function promised(mode: string): string {
  const [, output = ''] = new RegExp(`npm start -- ${mode}\n\`\`\`\n\n\`\`\`text\n(.*?)\`\`\``, 's').exec(readme) ?? [];
  return output;
}

/** Without what differs from run to run: times, lines, and which of the two sides is refused. */
const normalised = (output: string): string[] =>
  output
    .replace(/\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
    .replace(/\((?:[^()\s]*\/)?site\.ts:\d+:\d+\)/g, '(PLACE)')
    .replace(/[\w.]+ \(PLACE\)/g, '(PLACE)')
    .replace(/taken at \(?(?:\w+ )?\(?(?:[^()\s]*\/)?(?:site\.ts:\d+:\d+|PLACE)\)*/g, 'taken at PLACE')
    .replace(/apps|imports/g, 'LOCK')
    .trim()
    .split('\n');

describe.each(['naive', 'traced', 'order', 'gated'])('D9: npm start -- %s', (mode) => {
  test('exits with 0 and prints what the README shows', async () => {
    const { code, output } = await start(mode);
    expect(normalised(output)).toEqual(normalised(promised(mode)));
    expect(code).toBe(0);
  });
});

test.each([[[]], [['nonsense']], [['constructor']]])(
  'D9: npm start -- %j explains the four modes and exits with 1',
  async (args) => {
    const { code, output } = await start(...args);
    expect(code).toBe(1);
    expect(output.match(/npm start -- \w+/g)).toHaveLength(4);
  },
);

test('D9: the verdicts name both locks, who holds them, and the places in site.ts', async () => {
  const { output } = await start('traced');
  for (const lock of ['apps', 'imports']) {
    expect(output).toMatch(new RegExp(`holder of mutex "${lock}" \\(taken at \\w+ \\(.*site\\.ts:\\d+:\\d+\\)\\)`));
    expect(output).toMatch(new RegExp(`waits for mutex "${lock}" since .*site\\.ts:\\d+:\\d+`));
  }
});

test('D9: with plain locks there is nothing to name, and the run says so', async () => {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  expect(await untraced()).toBe(false);
  expect(log.mock.calls.flat().join('\n')).toContain('no answer');
  log.mockRestore();
});
