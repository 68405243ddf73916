/** The guide for the night: what it shows is what an application says that is stuck in that way. */
import { spawn } from 'node:child_process';
import { codeBlocks, headings, page } from './lib/markdown.js';

const guide = page('docs/guides/why-is-my-application-stuck.md');
const app = require.resolve('./stuck/app.ts');

/** The parts of the guide that show an output, by the anchors of their headings. */
const shown = headings(guide).flatMap(({ text, anchor }): [string, string][] => {
  const [, part = ''] = guide.text.split(`\n## ${text}\n`);
  const [output] = codeBlocks({ ...guide, text: part.split('\n## ')[0] ?? '' });
  return output?.language === 'text' ? [[anchor, output.code]] : [];
});

/** What it writes, with its exit code. */
function run(name: string): Promise<{ code: number | null; output: string }> {
  const flags = ['-C', '@bootstrap-gate/source', require.resolve('../../../scripts/run-typescript.mjs')];
  const child = spawn(process.execPath, [...flags, app, name], {
    env: { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '' },
  });
  let output = '';
  child.stderr.on('data', (part) => (output += String(part)));
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve({ code, output })));
}

/** Without what differs between runs, and between sources and build: times, places, the id of the process, line breaks. */
const normalised = (text: string): string =>
  text
    .replace(/\(Use `node --trace-warnings [^\n]*\n/g, '')
    .replace(/[^\s()]*\bapp\.[jt]s:\d+:\d+/g, 'PLACE')
    .replace(/<anonymous> \(PLACE\)/g, 'PLACE')
    .replace(/\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
    .replace(/\b\d+\.\d s\b/g, 'DURATION')
    .replace(/\(node:\d+\)/g, '(node:ID)')
    .replace(/\s+/g, ' ')
    .trim();

test('the guide shows an output for each of its verdicts and warnings', () => {
  expect(shown.map(([anchor]) => anchor)).toEqual([
    'a-circle-of-waits',
    'a-promise-nobody-has',
    'a-request-to-itself',
    'a-step-that-takes-long',
    'locks-in-two-orders',
    'the-process-just-ended',
  ]);
});

test.each(shown)('what the guide shows of %s is what an application says', async (name, text) => {
  const { code, output } = await run(name);
  expect(normalised(output)).toBe(normalised(text));
  expect(code).toBe(name === 'the-process-just-ended' ? 1 : 0);
});
