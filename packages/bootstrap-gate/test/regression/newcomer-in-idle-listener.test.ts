import { createGate } from '../../src/index.js';

// A pilot fails, the gate tells `idle` before it takes the next in line, and a listener lets another one arrive.
test('F2, H4: one who arrives in a listener of `idle` does not overtake those in line', async () => {
  const gate = createGate();
  const order: string[] = [];
  const call = gate.wrap(async (name: string) => {
    order.push(name);
    if (name === 'pilot') throw new Error('fails');
  });
  const results: Promise<unknown>[] = [];
  const stopListening = gate.onChange((state) => {
    if (state !== 'idle') return;
    stopListening();
    results.push(call('newcomer'));
  });
  const pilot = call('pilot').catch((error: unknown) => error);
  results.push(call('in line'));
  await expect(pilot).resolves.toMatchObject({ message: 'fails' });
  await Promise.all(results);
  expect(order).toEqual(['pilot', 'in line', 'newcomer']);
});
