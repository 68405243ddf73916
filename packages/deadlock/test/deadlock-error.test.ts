import type * as asyncMutex from 'async-mutex';
import type * as deadlock from '@bootstrap-gate/deadlock';
import { DeadlockError, isDeadlockError, type Verdict } from '@bootstrap-gate/deadlock';
import { program } from './programs/run.js';
import { collectWarnings, traced } from './support.js';

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

const verdict: Verdict = {
  certainty: 'certain',
  cycle: [{ owner: 'holder of mutex "log"', waitsFor: 'mutex "log"', since: 0, at: 'here' }],
  advice: 'Take it once.',
};

test('a DeadlockError has a name, a code, a verdict, and the picture in its message', () => {
  const error = new DeadlockError('A wait for mutex "log"', verdict);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'DeadlockError', code: 'ERR_GATE_DEADLOCK', verdict });
  expect(error.message).toMatch(/^A wait for mutex "log" can never end:\n┌→ /);
  expect(error.message.endsWith('Take it once.')).toBe(true);
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({ code: 'ERR_GATE_DEADLOCK', verdict });
});

test.each([[undefined], [null], [1], [{}], [new Error('ERR_GATE_DEADLOCK')]])('%p is no DeadlockError', (value) => {
  expect(isDeadlockError(value)).toBe(false);
});

test('one of another copy of the package is known', () => {
  const other = otherCopy();
  const error = new other.DeadlockError('A wait', verdict);
  expect(error).not.toBeInstanceOf(DeadlockError);
  expect(isDeadlockError(error)).toBe(true);
  expect(other.isDeadlockError(new DeadlockError('A wait', verdict))).toBe(true);
});

describe('two copies of the package', () => {
  const mutexOf = (copy: Package, name: string) =>
    copy.traceMutex(new (jest.requireActual<typeof asyncMutex>('async-mutex').Mutex)(), name);

  const [here, there] = [program('two-copies'), program('two-copies')];

  test('find a cycle through both', async () => {
    const [cycle] = await here.lines<string[]>(there.file);
    expect(cycle).toEqual(['holder of mutex "here" -> mutex "there"', 'holder of mutex "there" -> mutex "here"']);
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
