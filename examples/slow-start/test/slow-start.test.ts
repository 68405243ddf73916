import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { slowStart } from '../src/slow-start.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slow-start-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the example serves everybody, and leaves what its README shows', async () => {
  const terminal = new PassThrough();
  const told = await slowStart(folder, 100, { stream: terminal });

  expect(told).toContain('shop: ready · its bootstrap took ');
  expect(told).toMatch(/^ *\d+ ms +\d+ ms +\d+ ms {2}✓ search · attempt 2$/m);
  expect(told).toMatch(/└─attempt 2 @.*\n +└─✓ (products|search) @/); // whichever was slower this time
  expect(told).toMatch(/└─attempt 1 @.*\n +└─✗ database @.*\n +└─✓ config @/);
  expect(told).toContain('120 of 120 visitors were served.');

  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  expect(read('start.svg')).toMatch(/^<svg .*class="herd".*<\/svg>$/);
  expect(read('start.mmd')).toMatch(/^gantt\n/);
  expect(Object.keys(JSON.parse(read('start.trace.json')) as object)).toContain('traceEvents');
  const lines = await text(terminal.end());
  expect(lines).toContain('[shop] ✗ attempt 1 failed after ');
  expect(lines).toContain('[shop] ready · its bootstrap took ');
});
