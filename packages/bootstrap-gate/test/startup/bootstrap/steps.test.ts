import { inspect } from 'node:util';
import { type Boot, createGate, type Gate } from '../../../src/index.js';
import { settled } from '../../manual-clock.js';
import { aborted, collectWarnings, deferred, refusal, rejection, watch } from '../../support.js';

afterEach(() => jest.restoreAllMocks());

const failing = (): Promise<never> => Promise.reject(new Error('no'));
const stepNames = (gate: { report(): { attempts: readonly { steps: readonly { name: string }[] }[] } }) =>
  gate
    .report()
    .attempts.at(-1)
    ?.steps.map(({ name }) => name);

test('boot: a step gives the value of its function, which is called in the same tick', async () => {
  const order: string[] = [];
  const gate = createGate({
    bootstrap: async (boot: Boot) => {
      const a = boot.step('a', () => order.push('a'));
      order.push('after a');
      await a;
      return [await boot.step('b', async () => 'b'), await boot.step('c', () => ({ c: 1 }))];
    },
  });
  expect(await gate.ensureReady()).toEqual(['b', { c: 1 }]);
  expect(order).toEqual(['a', 'after a']);
});

test('boot: a step rejects with the very error of its function, thrown or rejected', async () => {
  const errors: unknown[] = [];
  const sync = new Error('thrown');
  const gate = createGate({
    bootstrap: async (boot: Boot) => {
      errors.push(await rejection(boot.step('a', () => Promise.reject('a string'))));
      errors.push(
        await rejection(
          boot.step('b', () => {
            throw sync;
          }),
        ),
      );
    },
  });
  await gate.ensureReady(); // both were awaited and caught, so they do not fail the flight
  expect(errors).toEqual(['a string', sync]);
});

test('boot: steps nest, and a name used twice is numbered in the report', async () => {
  const gate = createGate({
    bootstrap: async (boot: Boot) => {
      await boot.step('load', () => boot.step('load', () => boot.step('file', () => 1)));
      await Promise.all([boot.step('load', () => 1), boot.step('file', () => 1)]);
    },
  });
  await gate.ensureReady();
  expect(stepNames(gate)).toEqual(['load', 'load #2', 'file', 'load #3', 'file #2']);
});

test('boot: no two steps have the same name in the report, however they are called', async () => {
  const gate = createGate({
    bootstrap: async (boot: Boot) => {
      for (const name of ['load', 'load #2', 'load', 'load #2', 'constructor', '__proto__', 'constructor'])
        await boot.step(name, () => 1);
    },
  });
  await gate.ensureReady();
  const names = ['load', 'load #2', 'load #3', 'load #2 #2', 'constructor', '__proto__', 'constructor #2'];
  expect(stepNames(gate)).toEqual(names);
});

test('boot: a step that nobody awaits counts as awaited: the gate opens after it', async () => {
  const slow = deferred();
  const gate = createGate({
    bootstrap: (boot: Boot) => {
      void boot.step('outer', () => void boot.step('inner', () => slow.promise));
      return 'value';
    },
  });
  const caller = watch(gate.ensureReady());
  await settled();
  expect(caller.state).toBe('pending');
  slow.resolve();
  await settled();
  expect(caller.state).toBe('fulfilled');
  expect(gate.value).toBe('value');
});

test('boot: the failure of a step that nobody awaits fails the flight, one that is caught does not', async () => {
  const cause = new Error('no');
  const forgotten = createGate({ bootstrap: (boot: Boot) => void boot.step('a', () => Promise.reject(cause)) });
  expect((await refusal(forgotten.ensureReady())).cause).toBe(cause);
  const caught = createGate({ bootstrap: (boot: Boot) => void boot.step('a', failing).catch(() => {}) });
  await caught.ensureReady();
  expect(caught.ready).toBe(true);
});

test('boot: an optional step gives undefined when it fails, is reported, and does not fail the flight', async () => {
  const gate = createGate({
    bootstrap: async (boot: Boot) => [
      await boot.step('cache', failing, { optional: true }),
      await boot.step('metrics', () => 'up', { optional: true }),
    ],
  });
  expect(await gate.ensureReady()).toEqual([undefined, 'up']);
  const steps = gate.report().attempts[0]?.steps;
  expect(steps?.map(({ state, error }) => [state, error])).toEqual([
    ['failed', 'no'],
    ['done', null],
  ]);
});

test('boot: an optional step that nobody awaits may fail', async () => {
  const gate = createGate({ bootstrap: (boot: Boot) => void boot.step('cache', failing, { optional: true }) });
  await gate.ensureReady();
  expect(gate.ready).toBe(true);
});

test('boot: an optional step does not swallow an abort', async () => {
  const seen: unknown[] = [];
  const gate = createGate({
    bootstrap: async (boot: Boot) => {
      const step = boot.step('cache', ({ signal }) => aborted(signal), { optional: true });
      seen.push(await rejection(step), boot.signal.reason);
    },
  });
  void refusal(gate.ensureReady());
  await gate.reset();
  expect(seen[0]).toMatchObject({ code: 'ERR_GATE_NOT_READY' });
  expect(seen[0]).toBe(seen[1]);
});

test('boot: after an abort step rejects with the reason of the signal and does not call its function', async () => {
  const fn = jest.fn();
  const seen: unknown[] = [];
  const gate = createGate({
    bootstrap: async (boot: Boot) => {
      await aborted(boot.signal).catch(() => {});
      seen.push(boot.signal.reason, await rejection(boot.step('late', fn)));
    },
  });
  void refusal(gate.ensureReady());
  await gate.close();
  expect(seen[0]).toMatchObject({ code: 'ERR_GATE_CLOSED' });
  expect(seen[1]).toBe(seen[0]);
  expect(fn).not.toHaveBeenCalled();
});

test('boot: also when the bootstrap has ended after the abort, step rejects with the reason of the signal', async () => {
  const fn = jest.fn();
  const boots: Boot[] = [];
  const gate = createGate({
    bootstrap: (boot: Boot) => {
      boots.push(boot);
      return aborted(boot.signal);
    },
  });
  void refusal(gate.ensureReady());
  await gate.reset();
  const [boot] = boots;
  expect(await rejection(boot!.step('late', fn))).toBe(boot?.signal.reason);
  expect(fn).not.toHaveBeenCalled();
});

test('boot: a step that is started after the bootstrap has ended is refused by name and changes nothing', async () => {
  const fn = jest.fn();
  const boots: Boot[] = [];
  const gate = createGate({ name: 'api', bootstrap: (boot: Boot) => boots.push(boot) });
  await gate.ensureReady();
  const error = await rejection(boots[0]!.step('late', fn));
  expect(String(error)).toMatch(/"late".*"api".*ended/);
  expect(fn).not.toHaveBeenCalled();
  expect(gate.report().attempts[0]?.steps).toEqual([]);
});

test('boot: when the bootstrap fails, the signal of its running steps fires with that error, and nobody waits for them but the next flight', async () => {
  const cause = new Error('no');
  const slow = deferred<string>();
  const stop = jest.fn();
  const signals: AbortSignal[] = [];
  const bootstrap = async (boot: Boot): Promise<string> => {
    if (signals.length > 0) return 'second';
    void boot.step('slow', ({ signal }) => (signals.push(signal), slow.promise), { stop });
    return boot.step('fails', () => Promise.reject(cause));
  };
  const gate = createGate({ bootstrap, cooldownMs: 0 });
  expect((await refusal(gate.ensureReady())).cause).toBe(cause);
  expect(signals[0]?.reason).toBe(cause);
  const during = await refusal(gate.ensureReady());
  expect(during.cause).toBe(cause);
  expect(during.message).toMatch(/still running/);
  expect(stop).not.toHaveBeenCalled();

  slow.resolve('late');
  await settled();
  expect(stop.mock.calls).toEqual([['late']]);
  expect(await gate.ensureReady()).toBe('second');
});

test('boot: boot.signal is one for the flight, and does not fire when the flight succeeds', async () => {
  const signals: AbortSignal[] = [];
  const gate = createGate({
    bootstrap: async (boot: Boot) => {
      signals.push(boot.signal);
      await boot.step('a', ({ signal }) => signals.push(signal));
    },
  });
  await gate.ensureReady();
  await gate.close();
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
});

test('boot: its functions need no `this`', async () => {
  const gate = createGate({
    bootstrap: async ({ step, detach, progress }: Boot) => {
      progress(0.5);
      detach(() => {});
      return step('a', ({ progress }) => {
        progress(1);
        return 'a';
      });
    },
  });
  expect(await gate.ensureReady()).toBe('a');
});

test('boot: detached work is not waited for and may wait for the gate itself', async () => {
  const warnings = collectWarnings();
  const seen: unknown[] = [];
  const gate: Gate<unknown> = createGate({
    bootstrap: (boot: Boot) => {
      boot.detach(async () => void seen.push(await gate.ensureReady()));
      void boot.step('a', () => boot.detach(async () => void seen.push(await gate.wrap(() => 'wrapped')())));
      return 'value';
    },
  });
  await gate.ensureReady();
  await settled();
  expect(seen.sort()).toEqual(['value', 'wrapped']);
  expect(warnings).toEqual([]);
});

test('boot: the promise of a step, and what is made of it, looks like any other to who inspects it', async () => {
  const seen: unknown[] = [];
  const gate = createGate({
    bootstrap: async (boot: Boot) => {
      const step = boot.step('a', () => 'value');
      const derived = step.finally(() => seen.push('finally'));
      expect(inspect(step)).toContain('<pending>');
      seen.push(await derived, step instanceof Promise, derived.constructor === Promise);
      expect(inspect(step)).toMatch(/\{\s*'value'/);
    },
  });
  await gate.ensureReady();
  expect(seen).toEqual(['finally', 'value', true, true]);
});
