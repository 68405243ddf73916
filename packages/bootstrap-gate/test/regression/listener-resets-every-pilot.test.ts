import { createGate } from '../../src/index.js';

// Each pilot that begins is reset by the listener that hears of it, so no pilot ever runs.
test('A11, A12: a listener that resets at every `booting` has the first call denied, not tried for ever', async () => {
  const gate = createGate();
  let pilots = 0;
  gate.onChange((state) => {
    if (state !== 'booting') return;
    pilots++;
    void gate.reset();
  });
  const call = gate.wrap(async () => 'ran');
  await expect(call()).rejects.toMatchObject({ code: 'ERR_GATE_NOT_READY' });
  expect(pilots).toBeLessThan(3);
  expect([gate.state, gate.waiting]).toEqual(['idle', 0]);
});
