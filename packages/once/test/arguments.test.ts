import { fileOnce } from '../src/file.js';
import { defaults } from '../src/options.js';
import { fromPostgresJs, postgresOnce } from '../src/postgres.js';

const pool = { connect: () => Promise.reject(new Error('not reached')) };
const once = postgresOnce(pool, { namespace: 'n' });

describe('wrong arguments are a TypeError where they are given', () => {
  test.each<[string, unknown, RegExp]>([
    ['no options', undefined, /^postgresOnce: the options must be an object, not undefined$/],
    ['no namespace', {}, /option "namespace" must be a string of 1 to 128 bytes, not undefined/],
    ['an empty namespace', { namespace: '' }, /"namespace" must not be empty/],
    [
      'an unknown option',
      { namespace: 'n', leaseMS: 1 },
      /option "leaseMS" is unknown; known are namespace, leaseMs, replica, schema/,
    ],
    [
      'a lease that is too short',
      { namespace: 'n', leaseMs: 10 },
      /"leaseMs" must be a number of milliseconds from 300 to 3600000, not 10/,
    ],
    ['NaN', { namespace: 'n', leaseMs: NaN }, /"leaseMs" must be .* not NaN/],
    [
      'a schema to inject',
      { namespace: 'n', schema: 'x"; DROP' },
      /"schema" must be a name of letters, digits and underscores/,
    ],
    ['create that is none', { namespace: 'n', create: 1 }, /"create" must be true or false, not 1/],
    [
      'an empty connectionString',
      { namespace: 'n', connectionString: '' },
      /"connectionString" must be a string that is not empty/,
    ],
  ])('postgresOnce: %s', (_, options, message) => {
    expect(() => postgresOnce(pool, options as never)).toThrow(TypeError);
    expect(() => postgresOnce(pool, options as never)).toThrow(message);
  });

  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /the first argument must be a Pool of pg, not undefined/],
    ['postgres.js itself', () => {}, /for postgres.js pass fromPostgresJs\(sql\)/],
  ])('postgresOnce: %s instead of a pool', (_, given, message) => {
    expect(() => postgresOnce(given as never, { namespace: 'n' })).toThrow(message);
  });

  test.each<[string, unknown, RegExp]>([
    ['neither key nor order', {}, /one of the options "key" and "order" is needed/],
    ['an empty key', { key: '' }, /"key" must not be empty/],
    ['a key with NUL', { key: 'a\0b' }, /"key" must not contain NUL/],
    [
      'a key that is too long',
      { key: 'ü'.repeat(257) },
      /"key" must have at most 512 bytes, not 514; use a hash of it/,
    ],
    ['half a surrogate pair', { key: 'a\ud83e' }, /"key" must be well-formed Unicode/],
    ['a number as key', { key: 7 }, /"key" must be a string of 1 to 512 bytes, not 7/],
    ['a broken order', { order: 1.5 }, /"order" must be a whole number, not 1.5/],
    ['no attempts', { key: 'k', attempts: 0 }, /"attempts" must be a whole number, 1 or more, not 0/],
    ['a negative delay', { key: 'k', retryMs: -1 }, /"retryMs" must be a number of milliseconds above 0/],
    [
      'a stop',
      { key: 'k', stop: () => {} },
      /option "stop" does not belong to shared work: a failed start of one replica must not undo/,
    ],
    ['a retry', { key: 'k', retry: { attempts: 2 } }, /option "retry" is called attempts here/],
    ['a version', { version: 3 }, /option "version" is called key \(any string\) or order/],
    ['a timeout', { key: 'k', timeoutMs: 3 }, /option "timeoutMs" belongs to the step/],
    ['a name', { key: 'k', name: 'x' }, /option "name" is the step's name/],
    ['durable that is none', { key: 'k', durable: 'no' }, /"durable" must be true or false, not "no"/],
    ['an array', [], /the options must be an object, not an array/],
  ])('run and transaction: %s', (_, options, message) => {
    for (const make of [
      () => once.run(options as never, () => {}),
      () => once.transaction(options as never, () => {}),
    ]) {
      expect(make).toThrow(TypeError);
      expect(make).toThrow(message);
    }
  });

  test('a function that is missing, or comes first', () => {
    expect(() => once.run({ key: 'k' }, undefined as never)).toThrow(
      /expects the options and a function, such as run\(\{ key \}, fn\), but got undefined/,
    );
    expect(() => once.transaction((() => {}) as never, { key: 'k' } as never)).toThrow(
      /expects the options and a function/,
    );
  });

  test('a step function that is called without a step', async () => {
    const step = once.run({ key: 'k' }, () => {});
    expect(() => step(undefined as never)).toThrow(
      /takes its name from the step: boot\.step\('migrate', once\.run\(…\)\)/,
    );
    expect(() => step({ name: '' })).toThrow(/"name" must not be empty/);
  });

  test('a polluted prototype changes nothing', () => {
    const polluted = Object.create({ attempts: -1, stop: () => {} }) as object;
    expect(() => once.run(Object.assign(polluted, { key: 'k' }), () => {})).not.toThrow();
  });

  test('fileOnce: a folder that is none', () => {
    expect(() => fileOnce('', { namespace: 'n' })).toThrow(
      /fileOnce: option "folder" must be the path of a folder, not ""/,
    );
    expect(() => fileOnce('x', { namespace: 'n', schema: 'y' } as never)).toThrow(/"schema" is unknown/);
  });

  test('nothing is connected before the first step', () => {
    expect(typeof fromPostgresJs({ unsafe: () => Promise.reject(), reserve: () => Promise.reject() }).connect).toBe(
      'function',
    );
    expect(defaults).toEqual({
      leaseMs: 30_000,
      attempts: 5,
      retryMs: 500,
      maxRetryMs: 30_000,
      schema: 'bootstrap_once',
    });
  });
});
