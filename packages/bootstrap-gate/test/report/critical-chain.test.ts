import { createGate } from '../../src/index.js';
import { criticalChain } from '../../src/report/index.js';
import { deferred } from '../support.js';
import { attempt, reportOf, step } from './support/reports.js';

/** The names in the chain, the last step first. */
const chain = (text: string): string[] => [...text.matchAll(/└─\S (.+?) @/g)].map(([, name = '']) => name);

test('each step hangs on the one whose end let it begin, with the begin after @ and the duration after +', () => {
  const report = reportOf([
    attempt(0, 2_000, [
      step('config', 0, 100),
      step('db', 100, 400),
      step('mail', 100, 1_300),
      step('migrations', 401, 1_900, { waitingMs: 250 }),
    ]),
  ]);
  expect(criticalChain(report)).toBe(
    [
      'shop: ready · its bootstrap took 2.00 s',
      '└─✓ migrations @401 ms +1.50 s, 250 ms of it waiting',
      '  └─✓ db @100 ms +300 ms',
      '    └─✓ config @0 ms +100 ms',
      '',
    ].join('\n'),
  );
});

test('a step hangs on the need that ended last, whatever else ended before it began', () => {
  const steps = [
    step('config', 0, 50),
    step('db', 0, 80),
    step('noise', 0, 99),
    step('cache', 100, 300, { needs: ['db', 'config'] }),
  ];
  expect(chain(criticalChain(reportOf([attempt(0, 300, steps)])))).toEqual(['cache', 'db']);
});

test('needs that name no step are as good as none', () => {
  const steps = [step('db', 0, 80), step('cache', 80, 300, { needs: ['nobody', 'cache'] })];
  expect(chain(criticalChain(reportOf([attempt(0, 300, steps)])))).toEqual(['cache', 'db']);
});

test('needs that go round in a circle, and steps without duration, end the chain', () => {
  const circle = [step('a', 0, 10, { needs: ['b'] }), step('b', 10, 20, { needs: ['a'] })];
  expect(chain(criticalChain(reportOf([attempt(0, 20, circle)])))).toEqual(['b', 'a']);
  const instant = ['a', 'b', 'c'].map((name) => step(name, 5, 5));
  expect(chain(criticalChain(reportOf([attempt(0, 5, instant)])))).toEqual(['c', 'b', 'a']);
});

test('a failed attempt is held up by the step that failed it, and a later attempt by the earlier one', () => {
  const refused = { outcome: 'failed', error: 'refused' } as const;
  const first = [
    step('config', 0, 10),
    step('db', 10, 60, { state: 'failed', error: 'refused' }),
    step('mail', 10, 90, { state: 'aborted', error: 'refused' }),
  ];
  const report = reportOf([attempt(0, 60, first, refused), attempt(200, 260, [step('db', 200, 260)], { attempt: 2 })]);
  expect(criticalChain(report)).toBe(
    [
      'shop: ready · its bootstrap took 260 ms, in 2 attempts',
      '└─attempt 2 @200 ms +60 ms',
      '  └─✓ db @200 ms +60 ms',
      '    └─attempt 1 @0 ms +60 ms',
      '      └─✗ db @10 ms +50 ms · failed: refused',
      '        └─✓ config @0 ms +10 ms',
      '',
    ].join('\n'),
  );
});

test('after a step come the steps that it started itself, and then what let it begin', () => {
  const steps = [
    step('config', 0, 100),
    step('load', 100, 900),
    step('users', 100, 400, { parent: 'load' }),
    step('cities', 400, 890, { parent: 'load' }),
    step('parse', 500, 880, { parent: 'cities' }),
    step('other', 100, 300),
  ];
  expect(chain(criticalChain(reportOf([attempt(0, 900, steps)])))).toEqual([
    'load',
    'cities (in load)',
    'parse (in cities)',
    'users (in load)',
    'config',
  ]);
});

test('a step that failed with one of its own is told with that one', () => {
  const failed = { state: 'failed', error: 'refused' } as const;
  const steps = [
    step('load', 0, 100, failed),
    step('a', 0, 100, { ...failed, parent: 'load' }),
    step('b', 0, 100, { parent: 'load' }),
  ];
  const report = reportOf([attempt(0, 100, steps, { outcome: 'failed', error: 'refused' })]);
  expect(chain(criticalChain(report))).toEqual(['load', 'a (in load)']);
});

test('parents that are not there, or come later, are as good as none', () => {
  const steps = [
    step('a', 0, 10, { parent: 'b' }),
    step('b', 10, 20, { parent: 'b' }),
    step('c', 20, 30, { parent: 'x' }),
  ];
  expect(chain(criticalChain(reportOf([attempt(0, 30, steps)])))).toEqual(['c (in x)', 'b (in b)', 'a (in b)']);
});

test('a report of an earlier release, which knows no parents, is read all the same', () => {
  const { parent: _parent, attempts: _attempts, ...old } = step('a', 0, 10);
  expect(chain(criticalChain(reportOf([attempt(0, 10, [old as never])])))).toEqual(['a']);
});

test('how often a step was tried is told beside it', () => {
  const failed = { state: 'failed', error: 'refused' } as const;
  const steps = [
    step('a', 0, 10, { attempts: 2 }),
    step('b', 10, 20, { attempts: 3, ...failed }),
    step('c', 20, 30, { attempts: 4, state: 'running' }),
  ];
  const text = criticalChain(reportOf([attempt(0, 30, steps, { outcome: 'running' })]));
  expect(text).toContain('a @0 ms +10 ms · 2 attempts\n');
  expect(text).toContain('b @10 ms +10 ms · failed after 3 attempts: refused\n');
  expect(text).toContain('c @20 ms +10 ms · attempt 4\n');
});

test('a running flight is held up by the step that runs and waits for no other step', async () => {
  const stuck = deferred();
  const gate = createGate({
    bootstrap: async (boot) => {
      await boot.step('config', () => 1);
      await boot.step('load', () => boot.step('part', () => stuck.promise));
    },
  });
  const ready = gate.ensureReady();
  await new Promise(setImmediate);
  expect(chain(criticalChain(gate.report()))).toEqual(['load', 'part (in load)', 'config']);
  stuck.resolve();
  await ready;
});
