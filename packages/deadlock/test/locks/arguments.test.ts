import { Mutex, type MutexInterface, Semaphore } from 'async-mutex';
import { detach, type TraceOptions, traceMutex, traceSemaphore } from '@bootstrap-gate/deadlock';
import { refusal } from '../support.js';

afterEach(() => jest.restoreAllMocks());

const wrongMutexes: [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a string', 'mutex'],
  ['an object', {}],
  ['a mutex without a method', { acquire() {}, release() {}, isLocked() {} }],
  ['the class', Mutex],
];

test.each(wrongMutexes)('traceMutex refuses %s in place of a mutex', (_what, mutex) => {
  const trace = (): unknown => traceMutex(mutex as MutexInterface, 'm');
  expect(trace).toThrow(TypeError);
  expect(trace).toThrow('traceMutex: the first argument must be a Mutex of async-mutex, or a Semaphore of one place');
});

test.each([[undefined], [''], [1], [null], [{}]])('traceMutex refuses %p in place of a name', (name) => {
  const trace = (): unknown => traceMutex(new Mutex(), name as string);
  expect(trace).toThrow(TypeError);
  expect(trace).toThrow('traceMutex: the name must be a string that is not empty');
});

test.each<[unknown, string]>([
  [null, 'the options must be an object'],
  ['warn', 'the options must be an object'],
  [{ deadlok: 'off' }, 'unknown option "deadlok"; known is deadlock'],
  [{ deadlock: 'on' }, `option "deadlock" must be one of 'throw', 'warn', 'off'`],
  [{ deadlock: true }, `option "deadlock" must be one of 'throw', 'warn', 'off'`],
])('traceMutex refuses the options %p', (options, message) => {
  const trace = (): unknown => traceMutex(new Mutex(), 'm', options as TraceOptions);
  expect(trace).toThrow(TypeError);
  expect(trace).toThrow(`traceMutex: ${message}`);
});

test('an option that is undefined has its default', async () => {
  const mutex = traceMutex(new Mutex(), 'm', { deadlock: undefined });
  const error = await mutex.runExclusive(() => refusal(mutex.acquire()));
  expect(error.verdict.certainty).toBe('certain');
});

test('options do not come from a polluted prototype', async () => {
  const polluted = Object.prototype as { deadlock?: string };
  Object.assign(polluted, { deadlock: 'off' });
  try {
    const mutex = traceMutex(new Mutex(), 'm', {});
    await mutex.runExclusive(() => refusal(mutex.acquire()));
  } finally {
    delete polluted.deadlock;
  }
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

test('a semaphore of several places is refused, one of one place or none is not', () => {
  expect(() => traceSemaphore(new Semaphore(2), 's')).toThrow(
    new TypeError('traceMutex: the semaphore must have one place; with several it is not told who holds it'),
  );
  expect(traceSemaphore(new Semaphore(1), 's').getValue()).toBe(1);
  expect(traceSemaphore(new Semaphore(0), 's').isLocked()).toBe(true);
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
