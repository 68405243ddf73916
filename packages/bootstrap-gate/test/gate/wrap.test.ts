/** What a host can read of a wrapped function. */
import { createGate } from '../../src/index.js';

test.each([
  ['before the gate is open', false],
  ['at an open gate', true],
])('R3: wrap keeps name, length and this, %s', async (_when, open) => {
  const gate = createGate({ bootstrap: () => 1 });
  if (open) await gate.ensureReady();
  function handleError(this: { id: number }, _error: unknown, _req: unknown, _res: unknown, _next: unknown): number {
    return this.id;
  }
  const wrapped = gate.wrap(handleError);
  expect([wrapped.name, wrapped.length]).toEqual(['handleError', 4]);
  expect(await wrapped.call({ id: 7 }, 1, 2, 3, 4)).toBe(7);
  expect(Object.keys(wrapped)).toEqual([]);
});
