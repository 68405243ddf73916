/** The async context is tracked while somebody needs it; and what becomes garbage. */
import { channel } from 'node:diagnostics_channel';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  collectGarbage,
  currentScope,
  innermost,
  Owner,
  runIn,
  trackScopes,
  unlessUnreachable,
} from '@bootstrap-gate/deadlock/adapter';
import { rejection, turn, watch } from './support.js';

/** What all copies of the package share. */
const shared = (Reflect.get(globalThis, Symbol.for('bootstrap-gate.deadlock.2')) as () => { disown: () => void })();
const requests = channel('http.server.request.start');

/** Whether requests are looked at. Other test files of this process may have their own listeners. */
function isSubscribed(): boolean {
  const was = requests.unsubscribe(shared.disown) as unknown as boolean;
  if (was) requests.subscribe(shared.disown);
  return was;
}

const turns = async (): Promise<void> => {
  await turn();
  await turn();
};

test('D2: requests are looked at as long as anybody needs the async context, and until the next turn', async () => {
  for (let round = 0; round < 2; round++) {
    expect(isSubscribed()).toBe(false);
    const [endFirst, endSecond] = [trackScopes(), trackScopes()];
    expect(isSubscribed()).toBe(true);
    endFirst();
    await turns();
    expect(isSubscribed()).toBe(true);
    endSecond();
    expect(isSubscribed()).toBe(true);
    await turns();
    expect(isSubscribed()).toBe(false);
  }
});

test('D2: who needs it again before the next turn keeps it', async () => {
  trackScopes()();
  const end = trackScopes();
  await turns();
  expect(isSubscribed()).toBe(true);
  end();
  trackScopes()();
  await turns();
  expect(isSubscribed()).toBe(false);
});

test('D2: a request is not part of what began to listen', () => {
  const end = trackScopes();
  const scopeOfRequest = runIn({}, () => {
    requests.publish({});
    return currentScope();
  });
  expect(scopeOfRequest).toBeUndefined();
  end();
});

test('A2: while nobody needs it, no context is entered and none is looked up', () => {
  expect(runIn({}, currentScope)).toBeUndefined();
  const endInside = runIn({}, () => {
    const end = trackScopes();
    expect(currentScope()).toBeUndefined();
    return end;
  });
  endInside();
  const end = trackScopes();
  runIn({}, () => {
    expect(currentScope()).toBeDefined();
    end();
    expect(currentScope()).toBeUndefined();
  });
});

test('the innermost that passes a test is found', () => {
  const [inner, outer] = [new Owner('inner'), new Owner('outer')];
  const scope = { of: {}, outer: { of: inner, outer: { of: outer, outer: undefined } } };
  const isOwner = (of: object): of is Owner => of instanceof Owner;
  expect(innermost(scope, isOwner)).toBe(inner);
  expect(innermost({ of: {}, outer: undefined }, isOwner)).toBeUndefined();
});

/** Collects until the condition holds. */
async function collectUntil(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await turn();
    collectGarbage();
  }
}

test('D7: whoever does not want the proof leaves the promise pending', async () => {
  const unreachable = jest.fn(() => undefined);
  const seen = watch(unlessUnreachable(new Promise(() => {}), unreachable));
  await collectUntil(() => unreachable.mock.calls.length > 0);
  await turns();
  expect(seen.state).toBe('pending');
});

test('D7: a promise with a then of its own is not accused when it is collected', async () => {
  const unreachable = jest.fn(() => new Error('accused'));
  const settle: ((value: string) => void)[] = [];
  const refs: WeakRef<object>[] = [];
  const begin = (): Promise<unknown> => {
    const work = new Promise<string>(() => {});
    work.then = ((done: (value: string) => void) => void settle.push(done)) as never;
    refs.push(new WeakRef(work));
    return unlessUnreachable(work, unreachable);
  };
  const result = begin();
  await collectUntil(() => refs.every((ref) => !ref.deref()));
  await turns();
  settle[0]?.('done');
  expect(await result).toBe('done');
  expect(unreachable).not.toHaveBeenCalled();
});

test('D7: what only looks like a promise rejects with what its then throws', async () => {
  const fake = Object.create(Promise.prototype) as Promise<void>;
  expect(String(await rejection(unlessUnreachable(fake, () => undefined)))).toMatch(/^TypeError: /);
});

test('D7: garbage is collected also in a Node that does not offer it, and nothing is left of how', async () => {
  const { gc } = globalThis;
  try {
    globalThis.gc = undefined;
    setFlagsFromString('--no-expose-gc');
    const refs = [new WeakRef({})];
    await turn(); // a reference that was looked at lives until the next turn
    collectGarbage();
    expect(refs[0]?.deref()).toBeUndefined();
    expect(runInNewContext('typeof gc')).toBe('undefined');
  } finally {
    globalThis.gc = gc;
    setFlagsFromString('--expose-gc'); // for the test files after this one
  }
});
