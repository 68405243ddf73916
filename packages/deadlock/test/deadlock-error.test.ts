import type * as asyncMutex from 'async-mutex';
import type * as deadlock from '@bootstrap-gate/deadlock';
import { DeadlockError, isDeadlockError } from '@bootstrap-gate/deadlock';
import { collectWarnings, cycleOf, refusal, rejection, traced } from './support.js';

type Package = typeof deadlock;

beforeEach(() => void collectWarnings());
afterEach(() => jest.restoreAllMocks());

/** Another copy of the package, as a second version in node_modules would be. */
function otherCopy(): Package {
  let copy!: Package;
  jest.isolateModules(() => {
    copy = jest.requireActual<Package>('@bootstrap-gate/deadlock');
  });
  return copy;
}

test('a DeadlockError has a name, a code, a verdict, and the picture in its message', async () => {
  const mutex = traced('log');
  const error = await mutex.runExclusive(() => refusal(mutex.acquire()));
  expect(error).toBeInstanceOf(Error);
  expect(error).toBeInstanceOf(DeadlockError);
  expect({ name: error.name, code: error.code }).toEqual({ name: 'DeadlockError', code: 'ERR_GATE_DEADLOCK' });
  expect(error.message).toMatch(/^A wait for mutex "log" can never end:\n┌→ /);
  expect(error.message.endsWith(error.verdict.advice)).toBe(true);
  expect(error.stack).toContain('deadlock-error.test.ts');
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({
    code: 'ERR_GATE_DEADLOCK',
    verdict: { certainty: 'certain' },
  });
});

test('every refusal is an error of its own', async () => {
  const mutex = traced('log');
  const errors = await mutex.runExclusive(() => Promise.all([refusal(mutex.acquire()), refusal(mutex.acquire())]));
  expect(errors[0]).not.toBe(errors[1]);
});

test.each([
  ['undefined', undefined],
  ['null', null],
  ['a string', 'DeadlockError'],
  ['an error', new Error('no')],
  ['an object with its code', { name: 'DeadlockError', code: 'ERR_GATE_DEADLOCK' }],
])('isDeadlockError says no to %s', (_what, value) => expect(isDeadlockError(value)).toBe(false));

test('isDeadlockError knows the errors of another copy', async () => {
  const other = otherCopy();
  expect(other.DeadlockError).not.toBe(DeadlockError);
  const mutex = traced('log');
  const error = await mutex.runExclusive(() => rejection(mutex.acquire()));
  expect(error).not.toBeInstanceOf(other.DeadlockError);
  expect(other.isDeadlockError(error)).toBe(true);
});

describe('two copies of the package', () => {
  const mutexOf = (copy: Package, name: string) =>
    copy.traceMutex(new (jest.requireActual<typeof asyncMutex>('async-mutex').Mutex)(), name);

  test('find a cycle through both', async () => {
    const [here, there] = [traced('here'), mutexOf(otherCopy(), 'there')];
    const error = await here.runExclusive(() => there.runExclusive(() => rejection(here.acquire())));
    expect(isDeadlockError(error) && cycleOf(error.verdict)).toEqual(['holder of mutex "here" -> mutex "here"']);
    const [a, b] = [traced('a'), mutexOf(otherCopy(), 'b')];
    let go = (): void => {};
    const wanted = new Promise<void>((resolve) => (go = resolve));
    const first = a.runExclusive(() => wanted.then(() => b.runExclusive(() => 'first')));
    const crossed = await b.runExclusive(async () => {
      go();
      await new Promise(setImmediate);
      return rejection(a.runExclusive(() => 'second'));
    });
    expect(isDeadlockError(crossed) && cycleOf(crossed.verdict)).toEqual([
      'holder of mutex "a" -> mutex "b"',
      'holder of mutex "b" -> mutex "a"',
    ]);
    expect(await first).toBe('first');
  });

  test('trace a mutex once', () => {
    const other = otherCopy();
    const { Mutex } = jest.requireActual<typeof asyncMutex>('async-mutex');
    const mutex = new Mutex();
    const tracedThere = other.traceMutex(mutex, 'log');
    const { traceMutex } = jest.requireActual<Package>('@bootstrap-gate/deadlock');
    expect(traceMutex(mutex, 'log')).toBe(tracedThere);
    expect(() => traceMutex(mutex, 'other')).toThrow(TypeError);
  });

  test('learn one order', async () => {
    jest.restoreAllMocks();
    const warnings = collectWarnings();
    const [a, b] = [traced('a'), mutexOf(otherCopy(), 'b')];
    await a.runExclusive(() => b.runExclusive(() => 1));
    await b.runExclusive(() => a.runExclusive(() => 1));
    expect(warnings.map(({ code }) => code)).toEqual(['GATE_LOCK_ORDER']);
  });

  test('know who works detached from whom', async () => {
    const other = otherCopy();
    const mutex = traced('log');
    const work = await mutex.runExclusive(() => [other.detach(() => mutex.runExclusive(() => 'done'))]);
    expect(await work[0]).toBe('done');
  });
});
