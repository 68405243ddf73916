import { type Boot, createGate } from '../../../src/index.js';
import { openStepGroup } from '../../../src/startup/bootstrap/step-group.js';
import { settled } from '../../manual-clock.js';
import { aborted, deferred, rejection } from '../../support.js';

const reason = new Error('this part is not needed any more');

test('a part of a bootstrap ends its own steps, and leaves the others alone', async () => {
  const other = deferred<string>();
  const seen: unknown[] = [];
  const gate = createGate({
    bootstrap: async (boot) => {
      const part = openStepGroup(boot);
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
      const part = openStepGroup(boot);
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
      inside = rejection(openStepGroup(boot).step('inside', ({ signal }) => (started.resolve(), aborted(signal))));
      await inside;
    },
  });
  const caller = rejection(gate.ensureReady());
  await started.promise;
  await gate.close();
  expect(await inside).toMatchObject({ code: 'ERR_GATE_CLOSED' });
  expect(await caller).toMatchObject({ code: 'ERR_GATE_CLOSED' });
});

test('a part that is opened in a step of another part ends with it', async () => {
  const gate = createGate({
    bootstrap: async (boot) => {
      const outer = openStepGroup(boot);
      const inner = deferred<unknown>();
      const step = outer.step('outer', () => {
        inner.resolve(rejection(openStepGroup(boot).step('inner', ({ signal }) => aborted(signal))));
        return inner.promise;
      });
      outer.abort(reason);
      return [await inner.promise, await rejection(step)];
    },
  });
  expect(await gate.ensureReady()).toEqual([reason, reason]);
});

test('a part that is opened when the flight has ended starts nothing', async () => {
  const fn = jest.fn();
  const seen: unknown[] = [];
  const gate = createGate({
    bootstrap: async (boot) => {
      await rejection(aborted(boot.signal));
      seen.push(boot.signal.reason, await rejection(openStepGroup(boot).step('late', fn)));
    },
  });
  void rejection(gate.ensureReady());
  await gate.close();
  expect(seen[0]).toMatchObject({ code: 'ERR_GATE_CLOSED' });
  expect(seen[1]).toBe(seen[0]);
  expect(fn).not.toHaveBeenCalled();
});

test('a part is ended once: an abort from a listener of its own steps does not change the reason', async () => {
  const signals: AbortSignal[] = [];
  const gate = createGate({
    bootstrap: async (boot) => {
      const part = openStepGroup(boot);
      const steps = ['a', 'b'].map((name) =>
        part.step(name, ({ signal }) => {
          signals.push(signal);
          signal.addEventListener('abort', () => part.abort(new Error('another reason')));
          return aborted(signal);
        }),
      );
      part.abort(reason);
      return Promise.all(steps.map(rejection));
    },
  });
  expect(await gate.ensureReady()).toEqual([reason, reason]);
  expect(signals.map((signal) => signal.reason as unknown)).toEqual([reason, reason]);
});

test('a step that has ended leaves its part: its signal does not fire any more', async () => {
  const signals: AbortSignal[] = [];
  const gate = createGate({
    bootstrap: async (boot) => {
      const part = openStepGroup(boot);
      await part.step('a', ({ signal }) => signals.push(signal));
      part.abort(reason);
      await boot.step('b', ({ signal }) => signals.push(signal));
      throw new Error('no');
    },
  });
  await rejection(gate.ensureReady());
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
});

test('a counted promise that nobody awaits fails the attempt, one that is caught does not', async () => {
  const forgotten = createGate({ bootstrap: (boot) => void openStepGroup(boot).adopt(Promise.reject(reason)) });
  expect(await rejection(forgotten.ensureReady())).toMatchObject({ cause: reason });
  const caught = createGate({ bootstrap: (boot) => rejection(openStepGroup(boot).adopt(Promise.reject(reason))) });
  expect(await caught.ensureReady()).toBe(reason);
});

test('the flight waits for a counted promise that nobody awaits', async () => {
  const work = deferred();
  const gate = createGate({ bootstrap: (boot) => void openStepGroup(boot).adopt(work.promise) });
  const caller = gate.ensureReady();
  await settled();
  expect(gate.state).toBe('booting');
  work.resolve();
  await caller;
});

test('a step of a part is reported where its maker says, or else where it was started', async () => {
  const gate = createGate({
    bootstrap: async (boot) => {
      const part = openStepGroup(boot);
      await part.step('told', () => {}, {}, 'plan.ts:1:2');
      await part.step('seen', () => {});
    },
  });
  await gate.ensureReady();
  const [told, seen] = gate.report().attempts[0]?.steps ?? [];
  expect(told?.at).toBe('plan.ts:1:2');
  expect(seen?.at).toContain('step-groups.test.ts');
});

test('only what a gate hands to its bootstrap has parts', () => {
  const wrong = new TypeError('the argument must be what a gate hands to its bootstrap');
  expect(() => openStepGroup({} as Boot)).toThrow(wrong);
  expect(() => openStepGroup(undefined as unknown as Boot)).toThrow(wrong);
});
