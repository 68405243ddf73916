import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { CODES, HELP, type Examination } from '../src/finding.js';
import { toHtml } from '../src/render/html.js';
import { toTerminal } from '../src/render/terminal.js';

const place = { file: path.join(process.cwd(), 'server.js'), line: 8, column: 1 };
const finding = {
  level: 'error',
  details: ['GET /  16 of 27 early requests: 404 instead of 200'],
  places: [place],
} as const;
const EXAMINATION: Examination = {
  version: 1,
  command: ['node', 'server.js', '<b>'],
  options: ['--path', '/a'],
  node: 'v24.22.0',
  starts: 3,
  tookMs: 9_000,
  timeline: [
    { fromMs: 147, text: 'port 3000 opens', place },
    { fromMs: 627, toMs: 652, text: 'first right answer' },
    { fromMs: 648, text: 'start quiet', place },
  ],
  early: [
    { path: '/', sentMs: 150, tookMs: 3, answer: 404, right: false, health: false },
    { path: '/', sentMs: 700, tookMs: 90, answer: 200, right: true, health: false },
    { path: '/a-path-that-is-longer-than-its-lane', sentMs: 160, tookMs: 2, answer: 200, right: true, health: true },
  ],
  findings: [
    { ...finding, code: 'EARLY-WRONG', title: 'For 505 ms visitors get wrong answers.' },
    { ...finding, code: 'HEALTH-LIES', title: 'GET /ready said 200 15 times meanwhile.' },
    { ...finding, code: 'INIT-TWICE', title: '8 early requests each opened 127.0.0.1:5432 (alone: 1).' },
  ],
  sound: [{ title: 'SIGTERM during the start: gone in 6 ms' }],
  notExamined: ['GET /me: it answers 401, early and late'],
  examined: true,
  cure: {
    edits: [
      { file: place.file, line: 3, add: ['app.use(bootstrapGate({ bootstrap: () => start() }));'] },
      { file: place.file, line: 8, remove: 'start();' },
    ],
    recipe: [],
  },
  help: HELP,
};

test('three findings, their evidence and the cure fit on one screen', () => {
  const lines = toTerminal(EXAMINATION, { color: false }).split('\n');
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
});

test('without colour there are no escape codes, with colour the text is the same', () => {
  const plain = toTerminal(EXAMINATION, { color: false });
  expect(plain).not.toContain('\x1b');
  expect(toTerminal(EXAMINATION, { color: true }).replaceAll(/\x1b\[\d+m/g, '')).toBe(plain);
});

test('an examination of nothing says so, and does not say that nothing is wrong', () => {
  const text = toTerminal({ ...EXAMINATION, findings: [], examined: false }, { color: false });
  expect(text).toContain('Nothing could be examined');
  expect(text).not.toContain('Nothing wrong');
});

test('the page has no script, loads nothing, and escapes what the application said', () => {
  const html = toHtml(EXAMINATION);
  expect(html).not.toMatch(/<script|<link|<img|@import|url\(|\bsrc=/);
  expect(html).not.toContain('<b>');
  expect(html).toContain('&#60;b&#62;');
});

const browser = process.env['CHROMIUM'];
(browser ? test : test.skip)(
  'in a browser (set CHROMIUM) it is readable, light and dark, at 340 and 1000 pixels',
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'doctor-page-'));
    const file = path.join(folder, 'report.html');
    writeFileSync(file, toHtml(EXAMINATION));
    const launched = await chromium.launch({ executablePath: browser ?? '', args: ['--no-sandbox', '--disable-gpu'] });
    try {
      const seen = [];
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const width of [340, 1_000]) {
          const page = await launched.newPage({ colorScheme, viewport: { width, height: 900 } });
          const requests: string[] = [];
          page.on('request', (request) => requests.push(request.url()));
          await page.goto(pathToFileURL(file).href);
          seen.push(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor'));
          expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(
            0,
          );
          expect(requests).toEqual([pathToFileURL(file).href]);
        }
      }
      expect(seen[0]).toBe(seen[1]);
      expect(seen[2]).toBe(seen[3]);
      expect(seen[0]).not.toBe(seen[2]);
    } finally {
      await launched.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test('each code has a page that says what it means, why it happens, and the cure', () => {
  const folder = path.join(process.cwd(), 'docs/doctor');
  const pages = readdirSync(folder).filter((name) => name !== 'README.md');
  expect(pages.sort()).toEqual(CODES.map((code) => `${code}.md`).sort());
  for (const page of pages) {
    const text = readFileSync(path.join(folder, page), 'utf8');
    expect(text.split('\n')[0]).toBe(`# ${page.replace('.md', '')}`);
    expect(text.match(/^## .*/gm)).toEqual(['## What it means', '## Why it happens', '## The cure']);
  }
});
