/**
 * Modelled on https://github.com/moleculerjs/moleculer/issues/819
 * `waitForServices()` looks again and again for what nobody is going to start.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createGate } from 'bootstrap-gate';
import { type Hang, stallAfterMs } from './support/hang.js';
import { expectStalled } from './support/verdicts.js';

export const hang: Hang = {
  rule: 'D6',
  verdict: 'stalled',
  given: 'at `stallAfterMs`',
  async run(watch) {
    const started = new Set<string>();
    const waitForService = async (name: string): Promise<string> => {
      while (!started.has(name)) await sleep(5);
      return name;
    };
    watch.atEnd(() => started.add('users'));
    const gate = createGate({
      name: 'broker',
      stallAfterMs,
      bootstrap: (boot) =>
        boot.step('dependencies', () => {
          watch.begins();
          return waitForService('users');
        }),
    });

    const ready = gate.ensureReady();
    await expectStalled(watch, gate, { step: 'dependencies', code: `boot.step('dependencies', () => {` });

    started.add('users');
    expect(await ready).toBe('users');
  },
};
