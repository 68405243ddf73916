import { type Plan, plan } from '../../src/index.js';
import { thrown } from './support.js';

const step = (...args: unknown[]): unknown =>
  Reflect.apply(plan().step as (...args: unknown[]) => unknown, plan(), args);
const fn = (): void => {};

const wrong: [title: string, args: unknown[], message: string][] = [
  ['no arguments', [], 'the name must be a string that is not empty'],
  ['an empty name', ['', fn], 'the name must be a string that is not empty'],
  ['a number as the name', [1, fn], 'the name must be a string that is not empty'],
  ['no function', ['db'], 'step "db" needs a function'],
  ['needs without a function', ['db', ['a']], 'step "db" needs a function'],
  ['a promise in place of the function', ['db', Promise.resolve()], 'step "db" needs a function'],
  ['options in place of the function', ['db', ['a'], {}], 'step "db" needs a function'],
  ['a string as the needs', ['db', 'a', fn], 'the needs of step "db" must be an array of names'],
  ['null as the needs', ['db', null, fn], 'the needs of step "db" must be an array of names'],
  ['a need that is no string', ['db', ['a', 1], fn], 'the needs of step "db" must be an array of names'],
  ['a hole in the needs', ['db', new Array(1), fn], 'the needs of step "db" must be an array of names'],
  ['needs in the options', ['db', fn, { needs: ['a'] }], 'the needs of step "db" belong before its function'],
  ['an unknown option', ['db', fn, { timeout: 5 }], 'step "db": unknown option "timeout"'],
  ['a wrong time limit', ['db', fn, { timeoutMs: '5s' }], 'step "db": option "timeoutMs" must be a number'],
  ['a wrong retry', ['db', ['a'], fn, { retry: { times: 3 } }], 'step "db": option "retry": unknown option "times"'],
  ['a wrong stop', ['db', fn, { stop: true }], 'step "db": option "stop" must be a function'],
  ['null as the options', ['db', fn, null], 'step "db": the options must be an object'],
  ['a second function', ['db', fn, fn], 'step "db": the options must be an object'],
];

test.each(wrong)('%s is a TypeError at the call that names the rule', (_title, args, message) => {
  const error = thrown(() => step(...args));
  expect(error).toBeInstanceOf(TypeError);
  expect(String(error)).toContain(message);
});

test('needs and options that are undefined are absent', () => {
  const made = step('db', undefined, fn, undefined) as Plan<object>;
  expect(() => made.check()).not.toThrow();
  expect(() => step('db', fn, { needs: undefined, optional: undefined })).not.toThrow();
});

test('what a polluted prototype adds to the options is ignored', () => {
  const prototype = Object.prototype as { needs?: unknown };
  prototype.needs = ['evil'];
  try {
    expect(() => step('db', fn, {})).not.toThrow();
  } finally {
    delete prototype.needs;
  }
});
