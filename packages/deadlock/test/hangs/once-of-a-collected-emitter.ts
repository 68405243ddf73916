/**
 * Modelled on https://github.com/brianc/node-postgres/issues/2272
 * A client is asked before anybody has connected it. It waits for its own event; nothing else knows it, so it never comes.
 */
import { EventEmitter, once } from 'node:events';
import { createGate } from 'bootstrap-gate';
import { type Hang, stallAfterMs } from './support/hang.js';
import { expectProven } from './support/verdicts.js';

class Client extends EventEmitter {
  async query(text: string): Promise<string> {
    await once(this, 'connect');
    return text;
  }
}

export const hang: Hang = {
  rule: 'D7',
  verdict: 'proven',
  given: 'after the garbage collection at `stallAfterMs`',
  async run(watch) {
    const gate = createGate({
      name: 'shop',
      stallAfterMs,
      bootstrap: async (boot) => {
        await boot.step('database', () => {
          watch.begins();
          return new Client().query('SELECT 1');
        });
      },
    });

    await expectProven(watch, gate, gate.ensureReady(), {
      step: 'database',
      code: `await boot.step('database', () => {`,
    });
  },
};
