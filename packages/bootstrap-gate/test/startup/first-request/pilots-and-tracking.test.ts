import { createGate, type Gate } from '../../../src/index.js';
import { settled } from '../../manual-clock.js';
import { deferred, watch } from '../../support.js';

// Async contexts are tracked while somebody needs it; who ends twice must not end it for others.
test('D1: a pilot that a reset dismissed, and that ends later, leaves it known on whose behalf others run', async () => {
  for (let n = 0; n < 10; n++) {
    const lazy = createGate();
    const pilot = deferred();
    const call = lazy.wrap(() => pilot.promise)();
    await lazy.reset();
    pilot.resolve();
    await call;
  }
  const gate: Gate<unknown> = createGate({ bootstrap: () => gate.ensureReady() });
  const caller = watch(gate.ensureReady());
  await settled();
  expect(caller.state).toBe('rejected');
});
