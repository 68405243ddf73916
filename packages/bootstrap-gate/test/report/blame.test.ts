import { createGate } from '../../src/index.js';
import { blame } from '../../src/report/index.js';
import { attempt, reportOf, step } from './support/reports.js';

test('the slowest step comes first, and waiting stands apart from working', () => {
  const report = reportOf([
    attempt(0, 2_500, [
      step('config', 0, 120),
      step('search', 120, 2_320, { waitingMs: 2_000 }),
      step('db', 120, 1_000),
    ]),
  ]);
  expect(blame(report)).toBe(
    [
      'shop: ready · its bootstrap took 2.50 s',
      '',
      '  took  working  waiting    step',
      '2.20 s   200 ms   2.00 s  ✓ search',
      '880 ms   880 ms        –  ✓ db',
      '120 ms   120 ms        –  ✓ config',
      '',
      'In no step: 180 ms.',
      '',
    ].join('\n'),
  );
});

test('of several attempts each step says which one it belongs to, and why it failed', () => {
  const refused = 'connect ECONNREFUSED';
  const report = reportOf([
    attempt(0, 100, [step('db', 0, 100, { state: 'failed', error: refused })], { outcome: 'failed', error: refused }),
    attempt(400, 600, [step('db', 400, 600)], { attempt: 2 }),
  ]);
  expect(blame(report)).toContain('✓ db · attempt 2\n');
  expect(blame(report)).toContain('✗ db · attempt 1 · failed: connect ECONNREFUSED\n');
  expect(blame(report)).toContain('In no step: 300 ms.');
});

test('a step that runs says how far it is and what it waits for', () => {
  const waitsFor = [{ kind: 'gate', name: 'stock', since: 1_700_000_000_050, at: 'x' }];
  const running = step('stock', 0, 90, {
    state: 'running',
    waitingMs: 40,
    waitsFor,
    progress: { fraction: 0.255, text: '3 of 12' },
  });
  const report = reportOf([attempt(0, 90, [running], { outcome: 'running' })], { state: 'booting' });
  expect(blame(report)).toContain('shop: booting · its bootstrap has been running for 90 ms\n');
  expect(blame(report)).toContain('▸ stock · 26 % (3 of 12), waits for gate "stock" (40 ms so far)\n');
});

test('between two attempts the headline tells how the last one ended', () => {
  const refused = { outcome: 'failed', error: 'refused', attempt: 2 } as const;
  const report = reportOf([attempt(0, 100, [], refused), attempt(300, 350, [], refused)], { state: 'booting' });
  expect(blame(report)).toBe('shop: booting · attempt 2 failed after 50 ms: refused\n');
});

test('without a flight, and without steps, there is a sentence in place of the table', async () => {
  const gate = createGate({ name: 'api', bootstrap: () => 1 });
  expect(blame(gate.report())).toBe('api: idle · there was no flight yet\n');
  await gate.ensureReady();
  expect(blame(gate.report())).toMatch(/^api: ready · its bootstrap took \d+ ms\n$/);
});

test('the wait of a real step for another gate is told apart from its work', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  const takes = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const stock = createGate({ name: 'stock', bootstrap: () => takes(300) });
  const search = () => stock.ensureReady().then(() => takes(40));
  const gate = createGate({ name: 'shop', bootstrap: (boot) => boot.step('search', search) });
  const ready = gate.ensureReady();
  await jest.advanceTimersByTimeAsync(100);
  expect(blame(gate.report())).toContain('100 ms     0 ms   100 ms  ▸ search · waits for gate "stock" (100 ms so far)');
  await jest.advanceTimersByTimeAsync(240);
  await ready;
  jest.useRealTimers();
  expect(blame(gate.report())).toContain('340 ms    40 ms   300 ms  ✓ search\n');
});

test('a step that became slower than in earlier boots is named, with its usual time', () => {
  const slower = [{ name: 'db\u001b[2J', durationMs: 900, usualMs: 400 }];
  const report = {
    ...reportOf([attempt(0, 900, [step('db', 0, 900)])]),
    estimate: { boots: 3, durationMs: 500, remainingMs: 0, slower },
  };
  expect(blame(report)).toContain('\nSlower than usual: db [2J, 900 ms instead of 400 ms.\n');
  expect(blame({ ...report, estimate: null })).not.toContain('Slower');
});
