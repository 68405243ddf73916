import { type Boot, createGate, type StepOptions, type WaitOptions } from '../../src/index.js';
import { rejection } from '../support.js';

const open = async () => {
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  return gate;
};

const wrongTimeouts = [0, -1, NaN, '5', null, {}];

test.each(wrongTimeouts)(
  'Errors: ensureReady({ timeoutMs: %p }) rejects with a TypeError, open or not',
  async (value) => {
    const bootstrap = jest.fn();
    for (const gate of [createGate({ bootstrap }), await open(), createGate()]) {
      const error = await rejection(gate.ensureReady({ timeoutMs: value } as WaitOptions));
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toMatch(/ensureReady.*"timeoutMs"/);
      expect(gate.waiting).toBe(0);
    }
    expect(bootstrap).not.toHaveBeenCalled();
  },
);

test.each<[unknown, RegExp]>([
  [null, /ensureReady: the options must be an object$/],
  [5, /object/],
  [new AbortController().signal, /./],
  [{ signal: new AbortController() }, /"signal"/],
  [{ signal: { aborted: false } }, /"signal"/],
  [{ signal: null }, /ensureReady: option "signal" must be an AbortSignal, not null$/],
  [{ timeout: 5 }, /"timeout"/],
])('Errors: ensureReady(%p) rejects with a TypeError', async (options, expected) => {
  const gate = createGate({ bootstrap: () => 1 });
  if (options instanceof AbortSignal) return void (await gate.ensureReady(options as object)); // has no own properties
  const error = await rejection(gate.ensureReady(options as WaitOptions));
  expect(error).toBeInstanceOf(TypeError);
  expect(String(error)).toMatch(expected);
});

test.each(wrongTimeouts)('Errors: wrap(fn, { timeoutMs: %p }) throws a TypeError at once', (value) => {
  const gate = createGate();
  expect(() => gate.wrap(() => 1, { timeoutMs: value } as never)).toThrow(TypeError);
  expect(() => gate.wrap(() => 1, { timeoutMs: value } as never)).toThrow(/wrap.*"timeoutMs"/);
});

test('Errors: wrap takes no signal and no unknown option, and what it wraps must be a function', () => {
  const gate = createGate();
  expect(() => gate.wrap(() => 1, { signal: AbortSignal.abort() } as never)).toThrow(/"signal"/);
  expect(() => gate.wrap(() => 1, { timeout: 1 } as never)).toThrow(/"timeout"/);
  for (const wrong of [undefined, null, {}, 'fn']) {
    expect(() => gate.wrap(wrong as never)).toThrow(new TypeError('wrap: the first argument must be a function'));
  }
});

const fn = (): string => 'value';

test.each<[string, unknown[], RegExp]>([
  ['no name', [undefined, fn], /boot\.step: the name must be a string that is not empty$/],
  ['an empty name', ['', fn], /name/],
  ['a name that is a number', [1, fn], /name/],
  ['no function', ['a'], /boot\.step: step "a" needs a function$/],
  ['a promise instead of a function', ['a', Promise.resolve(1)], /"a".*function/],
  ['an unknown option', ['a', fn, { timeout: 1 }], /"a".*"timeout"/],
  ['timeoutMs: 0', ['a', fn, { timeoutMs: 0 }], /"a".*"timeoutMs"/],
  ['timeoutMs: NaN', ['a', fn, { timeoutMs: NaN }], /"timeoutMs"/],
  ['timeoutMs: -1', ['a', fn, { timeoutMs: -1 }], /"timeoutMs"/],
  ['optional: 1', ['a', fn, { optional: 1 }], /"optional"/],
  ['stop that is no function', ['a', fn, { stop: true }], /"stop"/],
  ['needs that is a string', ['a', fn, { needs: 'b' }], /option "needs" must be an array of names, not "b"$/],
  ['needs with a number', ['a', fn, { needs: ['b', 1] }], /"needs"/],
  ['retry: 3', ['a', fn, { retry: 3 }], /step "a": option "retry": the options must be an object$/],
  ['retry.attempts: 0', ['a', fn, { retry: { attempts: 0 } }], /"attempts"/],
  ['options that are null', ['a', fn, null], /"a".*object/],
])('Errors: a step with %s rejects with a TypeError and is not called', async (_what, args, expected) => {
  const calls = jest.fn();
  const seen: unknown[] = [];
  const step = args.map((arg) => (arg === fn ? calls : arg)) as [string, () => string, StepOptions<string>];
  const gate = createGate({ bootstrap: async (boot: Boot) => void seen.push(await rejection(boot.step(...step))) });
  await gate.ensureReady();
  expect(seen[0]).toBeInstanceOf(TypeError);
  expect(String(seen[0])).toMatch(expected);
  expect(calls).not.toHaveBeenCalled();
});

test('Errors: a wrong step that nobody awaits fails the flight', async () => {
  const gate = createGate({ bootstrap: (boot: Boot) => void boot.step('a', fn, { timeoutMs: NaN }) });
  expect(await rejection(gate.ensureReady())).toMatchObject({ cause: expect.any(TypeError) });
});

test('Errors: boot.detach throws a TypeError for what is not a function', async () => {
  const gate = createGate({ bootstrap: (boot: Boot) => boot.detach(Promise.resolve() as never) });
  const cause = new TypeError('boot.detach: the argument must be a function');
  expect(await rejection(gate.ensureReady())).toMatchObject({ cause });
});
