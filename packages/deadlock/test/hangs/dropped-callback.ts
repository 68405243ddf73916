/**
 * Modelled on https://github.com/fastify/fastify/issues/239
 * A plugin forgets to call `next()`. The callback is dropped, and with it the only thing that could end the wait.
 */
import { createGate } from 'bootstrap-gate';
import { type Hang, stallAfterMs } from './support/hang.js';
import { expectProven } from './support/verdicts.js';

export const hang: Hang = {
  rule: 'D7',
  verdict: 'proven',
  given: 'after the garbage collection at `stallAfterMs`',
  async run(watch) {
    const decorations: string[] = [];
    const plugin = (_next: () => void): void => void decorations.push('utility');
    const gate = createGate({
      name: 'fastify',
      stallAfterMs,
      bootstrap: async (boot) => {
        await boot.step('plugin', () => {
          watch.begins();
          return new Promise<void>((next) => plugin(next));
        });
      },
    });

    await expectProven(watch, gate, gate.ensureReady(), { step: 'plugin', code: `await boot.step('plugin', () => {` });
    expect(decorations).toEqual(['utility']);
    expect(gate.state).toBe('failed');
  },
};
