import { type Boot, createGate } from '../../../src/index.js';
import { settled } from '../../manual-clock.js';
import { collectWarnings, deferred, refusal } from '../../support.js';

afterEach(() => jest.restoreAllMocks());

/** Three steps that complete in the order c, a, b; what is stopped is written down. */
function building(fail?: Error) {
  const stopped: string[] = [];
  const stop = (value: string): void => void stopped.push(value);
  const gates = { a: deferred<string>(), b: deferred<string>() };
  const run = async (boot: Boot): Promise<string> => {
    const a = boot.step('a', () => gates.a.promise, { stop });
    const b = boot.step('b', () => gates.b.promise, { stop });
    await boot.step('c', () => 'c', { stop });
    gates.a.resolve('a');
    await a;
    gates.b.resolve('b');
    await b;
    if (fail) throw fail;
    return 'all';
  };
  return { stopped, stop, run };
}

test('A9: a failed bootstrap is undone in reverse order of completion, not of start', async () => {
  const { stopped, run, stop } = building(new Error('no'));
  await refusal(createGate({ bootstrap: { run, stop } }).ensureReady());
  await settled();
  expect(stopped).toEqual(['b', 'a', 'c']);
});

test.each(['reset', 'close'] as const)('A9: on %s the stop of the bootstrap comes first', async (method) => {
  const { stopped, run, stop } = building();
  const gate = createGate({ bootstrap: { run, stop } });
  await gate.ensureReady();
  expect(stopped).toEqual([]);
  await gate[method]();
  expect(stopped).toEqual(['all', 'b', 'a', 'c']);
});

test('A9: the bootstrap object is the `this` of its run and its stop', async () => {
  class Shop {
    open = false;
    run(): void {
      this.open = true;
    }
    stop(): void {
      this.open = false;
    }
  }
  const shop = new Shop();
  const gate = createGate({ bootstrap: shop });
  await gate.ensureReady();
  expect(shop.open).toBe(true);
  await gate.close();
  expect(shop.open).toBe(false);
});

test('A9: a step and its stop are called as functions of nobody', async () => {
  const seen: unknown[] = [];
  function look(this: unknown): void {
    seen.push(this);
  }
  const gate = createGate({ bootstrap: (boot: Boot) => boot.step('a', look, { stop: look }) });
  await gate.ensureReady();
  await gate.close();
  expect(seen).toEqual([undefined, undefined]);
});

test('A9: stops run one after another', async () => {
  const first = deferred();
  const order: string[] = [];
  const gate = createGate({
    bootstrap: async (boot: Boot) => {
      await boot.step('a', () => 'a', { stop: () => order.push('a') });
      await boot.step('b', () => 'b', {
        stop: async () => {
          order.push('b begins');
          await first.promise;
          order.push('b ends');
        },
      });
    },
  });
  await gate.ensureReady();
  const closing = gate.close();
  await settled();
  expect(order).toEqual(['b begins']);
  first.resolve();
  await closing;
  expect(order).toEqual(['b begins', 'b ends', 'a']);
});

test('A9: an error in one stop is a warning and does not keep the others from running', async () => {
  const warnings = collectWarnings();
  const stopped: string[] = [];
  const sync = new Error('thrown');
  const async = new Error('rejected');
  const gate = createGate({
    name: 'api',
    bootstrap: {
      run: async (boot: Boot) => {
        await boot.step('a', () => 'a', { stop: () => stopped.push('a') });
        await boot.step('b', () => 'b', { stop: () => Promise.reject(async) });
        await boot.step('c', () => 'c', { stop: () => stopped.push('c') });
      },
      stop: () => {
        throw sync;
      },
    },
  });
  await gate.ensureReady();
  await gate.close();
  expect(stopped).toEqual(['c', 'a']);
  expect(warnings.map(({ code, cause }) => [code, cause])).toEqual([
    ['GATE_STOP_FAILED', sync],
    ['GATE_STOP_FAILED', async],
  ]);
  expect(warnings[1]?.message).toContain('step "b" of gate "api"');
});

test('A9: nothing is stopped twice, however often the gate is reset and closed', async () => {
  const stop = jest.fn();
  const gate = createGate({ bootstrap: { run: () => 1, stop } });
  await gate.ensureReady();
  await Promise.all([gate.reset(), gate.reset(), gate.close(), gate.close()]);
  await gate.close();
  expect(stop).toHaveBeenCalledTimes(1);
});

test('A9: every flight is undone with its own values', async () => {
  let flight = 0;
  const stop = jest.fn();
  const gate = createGate({ bootstrap: { run: () => ++flight, stop } });
  for (let n = 1; n <= 3; n++) {
    expect(await gate.ensureReady()).toBe(n);
    await gate.reset();
  }
  expect(stop.mock.calls).toEqual([[1], [2], [3]]);
});

test('A9: a step that has not completed is not stopped, and a failed one neither', async () => {
  const stop = jest.fn();
  const bootstrap = (boot: Boot) => boot.step('a', () => Promise.reject(new Error('no')), { stop });
  await refusal(createGate({ bootstrap }).ensureReady());
  await settled();
  expect(stop).not.toHaveBeenCalled();
});

test('A9: a bootstrap that failed for a step which nobody awaited is undone too', async () => {
  const order: unknown[] = [];
  const bootstrap = {
    run: async (boot: Boot) => {
      await boot.step('a', () => 'a', { stop: (value) => order.push(value) });
      void boot.step('b', () => Promise.reject(new Error('no')));
      return 'all';
    },
    stop: (value: string) => order.push(value),
  };
  await refusal(createGate({ bootstrap }).ensureReady());
  await settled();
  expect(order).toEqual(['all', 'a']);
});

test('A9: a step that completes after the abort is undone as well', async () => {
  const step = deferred<string>();
  const stop = jest.fn();
  const gate = createGate({ bootstrap: (boot: Boot) => boot.step('slow', () => step.promise, { stop }) });
  void refusal(gate.ensureReady());
  const closing = gate.close();
  step.resolve('late');
  await closing;
  expect(stop.mock.calls).toEqual([['late']]);
});
