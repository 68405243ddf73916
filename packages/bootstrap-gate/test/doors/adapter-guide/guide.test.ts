/** The adapter that docs/guides/writing-an-adapter.md shows is this one, and it passes the checks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Adapter, checksFor, listen } from '@bootstrap-gate/conformance';
import { bootstrapGate } from './bootstrap-gate.js';
import { serve } from './framework.js';

const adapter: Adapter = {
  features: ['connection', 'rawTarget'],
  mount({ options, before, application, onError }) {
    const gated = bootstrapGate((req) => application(req) as never, { ...options, onDenied: undefined });
    return listen(serve((req, res) => before(req, () => gated(req, res)) as never, onError));
  },
};

for (const { id, rule, title, run } of checksFor(adapter)) {
  test(`${id} ${rule}: the adapter of the guide ${title}`, () => run(adapter), 30_000);
}

test('what it cannot do is a TypeError that says why', () => {
  const make = (options: object) => () => bootstrapGate(() => never, options);
  const never = { status: 200, headers: {}, body: '' };
  expect(make({ onDenied: 'forward' })).toThrow('option "onDenied" cannot be "forward": this framework has no error');
  expect(make({ bootstrap: () => 1, handler: () => {} })).toThrow('option "handler" is not understood here');
});

test('the guide shows this adapter, line by line', () => {
  const guide = readFileSync(join(__dirname, '../../../../../docs/guides/writing-an-adapter.md'), 'utf8');
  for (const file of ['bootstrap-gate.ts', 'framework.ts']) {
    const shown = [...guide.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
    expect(shown).toContain(readFileSync(join(__dirname, file), 'utf8'));
  }
});
