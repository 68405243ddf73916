import { type Boot, type BootstrapObject, createGate } from '../../src/index.js';
import { collectWarnings, refusal } from '../support.js';

const polluted: string[] = [];

/** Gives every object of the process an inherited property, as a prototype pollution does. */
function pollute(name: string, value: unknown): void {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true, enumerable: true });
  polluted.push(name);
}

afterEach(() => {
  for (const name of polluted.splice(0)) delete (Object.prototype as Record<string, unknown>)[name];
  jest.restoreAllMocks();
});

const wrongEverywhere = {
  ...{ name: 7, eager: 'yes', bootTimeoutMs: NaN, retry: 'often', cooldownMs: -1, stallAfterMs: 'x', deadlock: 'no' },
  ...{ firstRequests: 0, pilotTimeoutMs: NaN, timeoutMs: NaN, signal: 'x', attempts: -1, delayMs: NaN },
  ...{ maxDelayMs: NaN, when: 'x', optional: 'x', needs: 'x', unknown: 1, handler: 1 },
};

test('Errors: wrong values on Object.prototype do not make any option wrong', async () => {
  const warnings = collectWarnings();
  for (const [name, value] of Object.entries(wrongEverywhere)) pollute(name, value);
  const gate = createGate({ bootstrap: (boot: Boot) => boot.step('a', () => 1, {}), retry: {} });
  expect(gate.state).toBe('idle');
  expect(await gate.ensureReady({})).toBe(1);
  expect(await gate.wrap(() => 2, {})()).toBe(2);
  await gate.reset();
  await gate.close();
  expect(await createGate({}).wrap(() => 3)()).toBe(3);
  expect(warnings).toEqual([]);
});

test('Errors: a bootstrap on Object.prototype is not taken for one', async () => {
  const inherited = jest.fn();
  pollute('bootstrap', inherited);
  for (const gate of [createGate(), createGate({}), createGate({ firstRequests: 1 })]) {
    expect(await gate.wrap(() => 'pilot')()).toBe('pilot');
    expect(gate.state).toBe('ready');
  }
  expect(inherited).not.toHaveBeenCalled();
});

test('Errors: eager on Object.prototype starts nothing', () => {
  pollute('eager', true);
  const bootstrap = jest.fn();
  createGate({ bootstrap });
  expect(bootstrap).not.toHaveBeenCalled();
});

test.each(['stop', 'check', 'run'])('Errors: %s on Object.prototype is never called', async (name) => {
  const warnings = collectWarnings();
  const inherited = jest.fn();
  pollute(name, inherited);
  const gate = createGate({ bootstrap: (boot: Boot) => boot.step('a', () => 1, {}) });
  await gate.ensureReady();
  await gate.close();
  const withNothing = { run: () => 1, stop: undefined, check: undefined } as unknown as BootstrapObject<number>;
  for (const bootstrap of [{ run: () => 1 }, withNothing]) {
    const plain = createGate({ bootstrap });
    await plain.ensureReady();
    await plain.close();
  }
  expect(inherited).not.toHaveBeenCalled();
  expect(warnings).toEqual([]);
});

test('Errors: when and attempts on Object.prototype do not repeat a flight', async () => {
  pollute('when', () => true);
  pollute('attempts', 5);
  const bootstrap = jest.fn(() => Promise.reject(new Error('no')));
  await refusal(createGate({ bootstrap, retry: {} }).ensureReady());
  expect(bootstrap).toHaveBeenCalledTimes(1);
});

test('Errors: a verdict or a cause on Object.prototype does not get into an error', async () => {
  const gate = createGate({ name: 'api', bootstrap: () => 1 });
  await gate.close();
  pollute('cause', 'polluted');
  pollute('verdict', { certainty: 'proven' });
  const error = await refusal(gate.ensureReady());
  expect(Object.hasOwn(error, 'cause')).toBe(false);
  expect(Object.hasOwn(error, 'verdict')).toBe(false);
});
