import { type Boot, createGate } from '@bootstrap-gate/core';
import { partOf } from '@bootstrap-gate/core/adapter';
import { aborted, deferred, rejection } from './support.js';

const reason = new Error('this part is not needed any more');

test('a part of a bootstrap ends its own steps, and leaves the others alone', async () => {
  const other = deferred<string>();
  const seen: unknown[] = [];
  const gate = createGate({
    bootstrap: async (boot) => {
      const part = partOf(boot);
      const outside = boot.step('outside', () => other.promise);
      const inside = part.step('inside', ({ signal }) => aborted(signal), { retry: { attempts: 5 } });
      part.abort(reason);
      seen.push(await rejection(inside), await rejection(part.step('late', () => seen.push('called'))));
      other.resolve('done');
      return outside;
    },
  });
  expect(await gate.ensureReady()).toBe('done');
  expect(seen).toEqual([reason, reason]);
  const [attempt] = gate.report().attempts;
  expect(attempt?.steps.map(({ name, state }) => `${name}: ${state}`)).toEqual(['outside: done', 'inside: aborted']);
});

test('a step that a step of a part starts belongs to the part', async () => {
  const gate = createGate({
    bootstrap: async (boot) => {
      const part = partOf(boot);
      const child = deferred<unknown>();
      const parent = part.step('parent', async () => {
        const inner = boot.step('child', ({ signal }) => aborted(signal), { optional: true });
        child.resolve(rejection(inner));
        await inner;
      });
      part.abort(reason);
      return [await rejection(parent), await child.promise];
    },
  });
  expect(await gate.ensureReady()).toEqual([reason, reason]);
});

test('the end of the flight ends the parts of its bootstrap', async () => {
  const started = deferred();
  let inside: Promise<unknown> | undefined;
  const gate = createGate({
    bootstrap: async (boot) => {
      inside = rejection(partOf(boot).step('inside', ({ signal }) => (started.resolve(), aborted(signal))));
      await inside;
    },
  });
  const caller = rejection(gate.ensureReady());
  await started.promise;
  await gate.close();
  expect(await inside).toMatchObject({ code: 'ERR_GATE_CLOSED' });
  expect(await caller).toMatchObject({ code: 'ERR_GATE_CLOSED' });
});

test('only what a gate hands to its bootstrap has parts', () => {
  expect(() => partOf({} as Boot)).toThrow(TypeError);
  expect(() => partOf(undefined as unknown as Boot)).toThrow('what a gate hands to its bootstrap');
});
