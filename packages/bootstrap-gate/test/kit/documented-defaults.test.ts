/** The defaults in docs/options.md are those of the code. (The names are compared in examples/docs.) */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGateWith } from '../../src/create-gate.js';
import { readGateOptions } from '../../src/gate-options.js';
import { readRetry } from '../../src/startup/bootstrap/retry.js';
import { readWaitOptions } from '../../src/gate/callers.js';
import { ManualClock } from '../manual-clock.js';

/** Name and default of each row under a heading of docs/options.md. */
function documented(heading: string): [name: string, value: string][] {
  const page = readFileSync(join(__dirname, '../../../../docs/options.md'), 'utf8');
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| `(\w+)` *\| (.+?) *\|/gm)];
  return rows.map(([, name = '', value = '']) => [name, value.replace(/`/g, '')]);
}

const withRetry = { attempts: 1 };

/** A default as the page writes it. */
function asWritten(value: unknown): string {
  if (value === undefined) return 'none';
  if (value === withRetry) return '{ attempts: 1 }';
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number') return value.toLocaleString('en').replace(/,/g, '_').replace('∞', 'Infinity');
  return JSON.stringify(value);
}

const asTable = (defaults: object): [string, string][] =>
  Object.entries(defaults).map(([name, value]) => [name, asWritten(value)]);

test('the defaults of GateOptions are those of docs/options.md', () => {
  const firstRequestMode = readGateOptions(undefined);
  const bootstrap = (): void => {};
  const { retry, ...withBootstrap } = readGateOptions({ bootstrap }) as unknown as Record<string, unknown>;
  expect(retry).toMatchObject(withRetry);
  const defaults = { ...withBootstrap, ...firstRequestMode, retry: withRetry };
  expect(documented('GateOptions').sort()).toEqual(asTable(defaults).sort());
});

test('the defaults of RetryOptions are those of docs/options.md', () => {
  expect(documented('RetryOptions').sort()).toEqual(asTable(readRetry('test', undefined)).sort());
});

test('the defaults of WaitOptions are those of docs/options.md', () => {
  expect(documented('WaitOptions').sort()).toEqual(asTable(readWaitOptions(undefined)).sort());
});

test('the defaults of StepOptions are those of docs/options.md', async () => {
  const clock = new ManualClock();
  const limits = jest.spyOn(clock, 'after');
  const gate = createGateWith(
    {
      bootTimeoutMs: 1,
      bootstrap: async (boot) => {
        limits.mockClear();
        const step = boot.step('plain', () => 'value');
        const [timeoutMs] = limits.mock.calls.map(([ms]) => ms);
        expect(await step).toBe('value');
        const failing = boot.step('failing', ({ attempt }) => Promise.reject(new Error(`attempt ${attempt}`)));
        const failure = await failing.catch((error: Error) => error.message);
        return { timeoutMs, failure };
      },
    },
    clock,
  );
  const { timeoutMs, failure } = await gate.ensureReady();
  expect(failure).toBe('attempt 1'); // neither retried nor optional
  const needs = gate.report().attempts[0]?.steps[0]?.needs;
  const defaults = { timeoutMs, retry: withRetry, optional: false, stop: undefined, needs };
  expect(documented('StepOptions').sort()).toEqual(asTable(defaults).sort());
});
