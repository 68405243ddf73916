/**
 * Modelled on https://github.com/moleculerjs/moleculer/issues/1077
 * A node announces its services when all of them have started. One of them waits for a service of another node, and
 * that one for a service of the first node, which is ready but not announced.
 */
import { createGate, type Gate } from 'bootstrap-gate';
import type { Verdict } from '@bootstrap-gate/deadlock';
import { deferred } from '../support.js';
import type { Hang } from './support/hang.js';
import { cycleOf, refusal } from './support/verdicts.js';

export const hang: Hang = {
  rule: 'D1',
  verdict: 'certain',
  given: 'soon after the closing wait',
  async run(watch) {
    const told = deferred<Verdict>();
    const node: Gate<string> = createGate({
      name: 'node-1',
      bootstrap: async (boot) => {
        await boot.step('tenant', () => 'started');
        return boot.step('location', () => location.ensureReady());
      },
    });
    const location: Gate<string> = createGate({
      name: 'location',
      bootstrap: () => device.ensureReady(),
    });
    const device: Gate<string> = createGate({
      name: 'device',
      bootstrap: async () => {
        watch.begins();
        told.resolve(await refusal(node.ensureReady()));
        watch.told();
        return 'started without tenant';
      },
    });

    const start = node.ensureReady();
    const verdict = await told.promise;
    expect(verdict.certainty).toBe('certain');
    expect(cycleOf(verdict)).toEqual([
      [
        'bootstrap of gate "node-1"',
        'step "location" of gate "node-1"',
        `return boot.step('location', () => location.ensureReady());`,
      ],
      [
        'step "location" of gate "node-1"',
        'gate "location"',
        `return boot.step('location', () => location.ensureReady());`,
      ],
      ['bootstrap of gate "location"', 'gate "device"', 'bootstrap: () => device.ensureReady(),'],
      ['bootstrap of gate "device"', 'gate "node-1"', 'told.resolve(await refusal(node.ensureReady()));'],
    ]);
    const callers = [start, location.ensureReady(), device.ensureReady()];
    expect(await Promise.all(callers)).toEqual(Array(3).fill('started without tenant'));
    expect(watch.warnings).toEqual([]);
  },
};
