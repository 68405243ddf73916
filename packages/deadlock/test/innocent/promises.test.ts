import { createGate, isGateError } from 'bootstrap-gate';
import { deferred, rejection, watch } from '../support.js';
import { collectAll, deliveryOf, expectNoVerdict, type Suspect } from './support.js';

afterEach(() => jest.restoreAllMocks());

test('D7: the checks of this folder do accuse what is hopeless', async () => {
  const error = await rejection(deliveryOf({ step: () => new Promise(() => {}) }));
  expect(isGateError(error) && error.verdict?.certainty).toBe('proven');
});

test('D7: a promise that user code keeps is left alone, also when its resolver is gone', async () => {
  const kept = new Promise<never>(() => {});
  const error = await expectNoVerdict(async () => {
    const gate = createGate({ bootstrap: (boot) => boot.step('load', () => kept, { timeoutMs: 300 }) });
    const ready = rejection(gate.ensureReady());
    for (const seen = watch(ready); seen.state === 'pending';) await collectAll();
    expect(gate.report().verdicts).toEqual([]);
    return ready;
  });
  expect(error).toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_FAILED', cause: { code: 'ERR_GATE_STEP_TIMEOUT' } });
  expect(kept).toBeInstanceOf(Promise);
});

/** As p-lazy and others: begins when it is awaited, and what it delivers is another promise's. */
class Lazy<T> extends Promise<T> {
  #inner: Promise<T> | undefined;
  readonly #begin: () => Promise<T>;

  constructor(begin: () => Promise<T>, isSettled: boolean) {
    super((resolve) => isSettled && resolve(undefined as T));
    this.#begin = begin;
  }

  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#inner ??= this.#begin();
    return this.#inner.then(onFulfilled, onRejected);
  }
}

class Labelled<T> extends Promise<T> {
  readonly label = 'mine';
}

/** Each makes a step of a promise that is settled later, from outside. */
const ways: [string, (promise: Promise<string>) => Suspect['step']][] = [
  ['the promise itself', (promise) => () => promise],
  ['an async function', (promise) => async () => await promise],
  ['a chain of reactions', (promise) => () => promise.then((value) => value).finally(() => {})],
  ['a promise for a promise', (promise) => () => new Promise((resolve) => resolve(promise))],
  ['Promise.all', (promise) => async () => (await Promise.all([promise, 1]))[0]],
  ['Promise.allSettled', (promise) => async () => (await Promise.allSettled([promise])) && promise],
  ['Promise.race with one that never settles', (promise) => () => Promise.race([new Promise(() => {}), promise])],
  ['Promise.any with one that never settles', (promise) => () => Promise.any([new Promise(() => {}), promise])],
  ['a thenable', (promise) => () => ({ then: (done: (value: string) => void) => void promise.then(done) })],
  [
    'an async function that awaits a thenable',
    (promise) => async () => await { then: (done: (value: string) => void) => void promise.then(done) },
  ],
  ['a subclass of Promise', (promise) => () => new Labelled((resolve) => void promise.then(resolve))],
  ['a lazy promise that is itself pending for ever', (promise) => () => new Lazy(() => promise.then((v) => v), false)],
  ['a lazy promise that is itself settled', (promise) => () => new Lazy(() => promise.then((v) => v), true)],
  [
    'an async generator',
    (promise) => async () => {
      async function* parts(): AsyncGenerator<string> {
        yield 'first';
        yield await promise;
      }
      let last = '';
      for await (const part of parts()) last = part;
      return last;
    },
  ],
];

test.each(ways)('D7: a step that waits by %s is not accused, and delivers', async (_way, stepOf) => {
  const { promise, resolve } = deferred<string>();
  const settledBy = resolve;
  expect(await deliveryOf({ step: stepOf(promise), settle: () => settledBy('done') })).toBe('done');
});

test.each(ways)('D7: nor when only the resolver is left of what %s waits for', async (_way, stepOf) => {
  const made: ((value: string) => void)[] = [];
  const step: Suspect['step'] = (context) => {
    const { promise, resolve } = deferred<string>();
    made.push(resolve);
    return stepOf(promise)(context);
  };
  expect(await deliveryOf({ step, settle: () => made[0]?.('done') })).toBe('done');
});
