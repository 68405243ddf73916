import { Mutex, type MutexInterface, Semaphore, type SemaphoreInterface } from 'async-mutex';
import { detach, traceDefaults, type TraceOptions, traceMutex, traceSemaphore } from '@bootstrap-gate/deadlock';

afterEach(() => jest.restoreAllMocks());

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a string', 'mutex', 'a string'],
  ['an object', {}, 'an object without its methods'],
  ['a mutex without a method', { acquire() {}, release() {}, isLocked() {} }, 'an object without its methods'],
  ['the class', Mutex, 'the function or class Mutex'],
])('traceMutex refuses %s in place of a mutex', (_what, mutex, given) => {
  const trace = (): unknown => traceMutex(mutex as MutexInterface, 'm');
  expect(trace).toThrow(new TypeError(`traceMutex: the first argument must be a mutex of async-mutex, not ${given}`));
});

test.each([[undefined], [''], [1], [null], [{}]])('traceMutex refuses %p in place of a name', (name) => {
  const trace = (): unknown => traceMutex(new Mutex(), name as string);
  expect(trace).toThrow(TypeError);
  expect(trace).toThrow('traceMutex: the name must be a string that is not empty');
});

test.each<[unknown, string]>([
  [null, 'the options must be an object'],
  ['warn', 'the options must be an object'],
  [{ deadlok: 'off' }, 'unknown option "deadlok"; known are deadlock and stallAfterMs'],
  [{ stallAfterMs: 0 }, 'option "stallAfterMs" must be a positive number, not 0'],
  [{ stallAfterMs: NaN }, 'option "stallAfterMs" must be a positive number, not NaN'],
  [{ stallAfterMs: '1' }, 'option "stallAfterMs" must be a positive number, not 1'],
  [{ deadlock: 'on' }, `option "deadlock" must be one of 'throw', 'warn', 'off'`],
  [{ deadlock: true }, `option "deadlock" must be one of 'throw', 'warn', 'off'`],
])('traceMutex refuses the options %p', (options, message) => {
  const trace = (): unknown => traceMutex(new Mutex(), 'm', options as TraceOptions);
  expect(trace).toThrow(TypeError);
  expect(trace).toThrow(`traceMutex: ${message}`);
});

test('an option that is undefined, or that a polluted prototype has, has its default', () => {
  const polluted = Object.prototype as { deadlock?: string };
  Object.assign(polluted, { deadlock: 'on' });
  try {
    for (const options of [{}, { deadlock: undefined, stallAfterMs: undefined }]) traceMutex(new Mutex(), 'm', options);
  } finally {
    delete polluted.deadlock;
  }
  expect(traceDefaults).toEqual({ deadlock: 'throw', stallAfterMs: 10_000 });
});

test('a mutex is traced once: the same name gives the same object, a second name is refused', () => {
  const mutex = new Mutex();
  const traced = traceMutex(mutex, 'log');
  expect(traceMutex(mutex, 'log')).toBe(traced);
  expect(traceMutex(traced, 'log')).toBe(traced);
  expect(() => traceMutex(mutex, 'other')).toThrow(new TypeError('traceMutex: "other" is traced as "log" already'));
  expect(() => traceMutex(traced, 'other')).toThrow(TypeError);
  expect(traceMutex(new Mutex(), 'log')).not.toBe(traced);
});

test('wrong arguments are found also where the mutex is traced already', () => {
  const mutex = new Mutex();
  traceMutex(mutex, 'log');
  expect(() => traceMutex(mutex, 'log', { deadlock: 'on' } as unknown as TraceOptions)).toThrow(TypeError);
  expect(() => traceMutex(mutex, '')).toThrow(TypeError);
});

test('each kind of lock has its function', () => {
  const semaphore = new Semaphore(2);
  expect(() => traceMutex(semaphore as unknown as MutexInterface, 's')).toThrow(
    new TypeError('traceMutex: this is a semaphore; use traceSemaphore'),
  );
  expect(() => traceSemaphore(new Mutex() as unknown as SemaphoreInterface, 's')).toThrow(
    new TypeError('traceSemaphore: this is a mutex; use traceMutex'),
  );
  expect(traceSemaphore(semaphore, 's').getValue()).toBe(2);
  expect(traceSemaphore(new Semaphore(0), 's').isLocked()).toBe(true);
});

test('D3: whoever still uses the given lock excludes those who use the drop-in', async () => {
  const [mutex, semaphore] = [new Mutex(), new Semaphore(2)];
  const [ofMutex, ofSemaphore] = [traceMutex(mutex, 'm'), traceSemaphore(semaphore, 's')];
  const release = await mutex.acquire();
  expect(ofMutex.isLocked()).toBe(true);
  release();
  expect(ofMutex.isLocked()).toBe(false);
  await semaphore.acquire();
  expect([ofSemaphore.getValue(), semaphore.getValue()]).toEqual([1, 1]);
});

test('detach refuses what is no function, and gives what the function gives or throws', async () => {
  for (const wrong of [undefined, null, 1, Promise.resolve()]) {
    const call = (): unknown => detach(wrong as unknown as () => void);
    expect(call).toThrow(new TypeError('detach: the argument must be a function'));
  }
  expect(detach(() => 1)).toBe(1);
  expect(await detach(async () => 2)).toBe(2);
  expect(() =>
    detach(() => {
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(await traceMutex(new Mutex(), 'm').runExclusive(() => detach(() => 3))).toBe(3);
});
