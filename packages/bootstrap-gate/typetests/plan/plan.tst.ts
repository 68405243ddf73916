import { type Boot, type BootstrapObject, createGate, type Gate, type StepContext } from '../../src/index.js';
import { type Plan, plan } from '../../src/index.js';
import { expect, test } from 'tstyche';

interface Config {
  readonly url: string;
}
interface Database {
  end(): Promise<void>;
}
declare const load: () => Config;
declare const connect: (url: string) => Promise<Database>;
declare const condition: boolean;
declare const boot: Boot;

const base = plan()
  .step('config', load)
  .step('db', ['config'], ({ config }) => connect(config.url));

test('a gate carries the results of its plan by name', () => {
  const gate = createGate({ bootstrap: base });
  expect(gate).type.toBe<Gate<{ config: Config; db: Database }>>();
  expect(gate.value.db).type.toBe<Database>();
  expect(base.run(boot)).type.toBe<Promise<{ config: Config; db: Database }>>();
  expect(createGate({ bootstrap: plan() })).type.toBe<Gate<Record<never, never>>>();
});

test('a plan is a bootstrap object, and one with other results is another', () => {
  expect(base).type.toBeAssignableTo<BootstrapObject<{ config: Config; db: Database }>>();
  expect(base).type.not.toBeAssignableTo<BootstrapObject<{ mail: string }>>();
  expect(base).type.not.toBeAssignableTo<Plan<{ mail: string }>>();
  expect(base.check()).type.toBe<void>();
  expect(base.toMermaid()).type.toBe<string>();
});

test('a function gets its needs and nothing else, and then the context of a step', () => {
  base.step('api', ['db'], (needs, context) => {
    expect(needs).type.toBe<{ db: Database }>();
    expect(context).type.toBe<StepContext>();
  });
  base.step('api', ['db', 'config'], (needs) => {
    expect(needs).type.toBe<{ db: Database; config: Config }>();
  });
  base.step('api', (needs, context) => {
    expect(needs).type.toBe<Record<never, never>>();
    expect(context).type.toBe<StepContext>();
  });
  base.step('api', [], (needs) => {
    expect(needs).type.toBe<Record<never, never>>();
  });
});

test('a function that wants something else does not compile', () => {
  expect(base.step).type.not.toBeCallableWith('api', connect);
  expect(base.step).type.not.toBeCallableWith('api', ['config'], ({ db }: { db: Database }) => db);
  expect(base.step).type.not.toBeCallableWith('api', ['config'], ({ config }: { config: string }) => config);
  expect(base.step).type.toBeCallableWith('api', ['config'], ({ config }: { config: { url: unknown } }) => config);
});

test('a need that no earlier step defines does not compile', () => {
  expect(base.step).type.not.toBeCallableWith('api', ['confg'], () => 1);
  expect(base.step).type.not.toBeCallableWith('api', ['config', 'mail'], () => 1);
  expect(base.step).type.not.toBeCallableWith('api', ['api'], () => 1);
  expect(plan().step).type.not.toBeCallableWith('db', ['config'], () => 1);
  expect(base.step).type.toBeCallableWith('api', ['config', 'db'], () => 1);
  expect(base.step).type.toBeCallableWith('api', ['config', 'db'] as const, () => 1);
});

test('a name that is taken does not compile', () => {
  expect(base.step).type.not.toBeCallableWith('db', () => 1);
  expect(base.step).type.not.toBeCallableWith('config', ['db'], () => 1);
});

test('a step needs a name and a function', () => {
  expect(base.step).type.not.toBeCallableWith();
  expect(base.step).type.not.toBeCallableWith('api');
  expect(base.step).type.not.toBeCallableWith('api', ['db']);
  expect(base.step).type.not.toBeCallableWith('api', 'db', () => 1);
  expect(base.step).type.not.toBeCallableWith('api', Promise.resolve(1));
  expect(base.step).type.not.toBeCallableWith(1, () => 1);
});

test('the options are those of a step, but for its needs', () => {
  expect(base.step).type.toBeCallableWith('api', () => 1, { timeoutMs: 5, retry: { attempts: 2 }, optional: false });
  expect(base.step).type.toBeCallableWith('api', ['db'], () => 1, { timeoutMs: undefined, optional: undefined });
  expect(base.step).type.not.toBeCallableWith('api', () => 1, { needs: ['db'] });
  expect(base.step).type.not.toBeCallableWith('api', () => 1, { timeout: 5 });
  expect(base.step).type.not.toBeCallableWith('api', () => 1, { timeoutMs: '5' });
  expect(base.step).type.not.toBeCallableWith('api', () => 1, { optional: 'yes' });
  expect(base.step).type.not.toBeCallableWith('api', () => 1, { retry: 3 });
});

test('stop gets the value of its step', () => {
  base.step('api', ['db'], async ({ db }) => ({ db }), {
    stop: (value) => {
      expect(value).type.toBe<{ db: Database }>();
    },
  });
  base.step('api', () => 'x', {
    optional: true,
    stop: (value) => {
      expect(value).type.toBe<string>();
    },
  });
  expect(base.step).type.not.toBeCallableWith('api', () => 'x', { stop: (value: number) => value });
});

test('an optional step may be undefined, for those who need it and in the value', () => {
  const made = base
    .step('cache', () => 'cache', { optional: true })
    .step('api', ['cache'], ({ cache }) => {
      expect(cache).type.toBe<string | undefined>();
      return cache?.length;
    });
  type Value = { config: Config; db: Database; cache: string | undefined; api: number | undefined };
  expect(createGate({ bootstrap: made })).type.toBe<Gate<Value>>();
  const perhaps = plan().step('cache', () => 'cache', { optional: condition });
  expect(perhaps.run(boot)).type.toBe<Promise<{ cache: string | undefined }>>();
  const never = plan().step('cache', () => 'cache', { optional: false, timeoutMs: 5 });
  expect(never.run(boot)).type.toBe<Promise<{ cache: string }>>();
});

test('results are awaited, whatever the function returns', () => {
  const made = plan()
    .step('a', async () => 1)
    .step('b', () => (condition ? 'x' : Promise.resolve('y')))
    .step('c', () => {});
  expect(made.run(boot)).type.toBe<Promise<{ a: number; b: string; c: void }>>();
});

test('a plan never changes: each extension has its own type', () => {
  const left = base.step('left', () => 1);
  const right = base.step('right', () => 'x');
  expect(base.run(boot)).type.toBe<Promise<{ config: Config; db: Database }>>();
  expect(left.run(boot)).type.toBe<Promise<{ config: Config; db: Database; left: number }>>();
  expect(right.run(boot)).type.toBe<Promise<{ config: Config; db: Database; right: string }>>();
});

test('a function may ask for a plan with certain results', () => {
  const withMail = <R extends { config: Config }>(to: Plan<R>) => to.run;
  expect(withMail).type.toBeCallableWith(base);
  expect(withMail).type.not.toBeCallableWith(plan());
});

declare const name: string;
declare const template: `plugin:${string}`;
declare const choice: 'a' | 'b';

test('names that the compiler does not know may be any of the unknown ones', () => {
  const made = base.step(name, () => 1).step(name, ['config'], ({ config }) => config.url);
  expect(made.run(boot).then(({ db }) => db)).type.toBe<Promise<Database>>();
  expect(made.run(boot).then((value) => value['other'])).type.toBe<Promise<string | number | undefined>>();
  expect(made.step).type.toBeCallableWith('last', ['config', 'whatever', name], () => 1);
  expect(made.step).type.not.toBeCallableWith('db', () => 1);
});

test('a template is a name that the compiler does not know', () => {
  const made = plan()
    .step(template, () => 1)
    .step(template, () => 'x');
  expect(made.run(boot).then((value) => value['a'])).type.toBe<Promise<string | number | undefined>>();
});

test('of a choice of names one is there', () => {
  const made = base.step(choice, () => true);
  type Value = { config: Config; db: Database; a: boolean } | { config: Config; db: Database; b: boolean };
  expect(made.run(boot)).type.toBe<Promise<Value>>();
  expect(made.step).type.toBeCallableWith('last', ['db'], () => 1);
  expect(made.step).type.not.toBeCallableWith('last', ['a'], () => 1);
});

test('a plan of unknown names can be built in a loop', () => {
  const modules: { name: string; needs: string[]; start(found: Record<string, string>): Promise<string> }[] = [];
  let made: Plan<Record<string, string>> = plan();
  for (const { name, needs, start } of modules) made = made.step(name, needs, start);
  expect(createGate({ bootstrap: made }).value).type.toBe<{ [name: string]: string }>();
  expect(made.step(name, () => 1)).type.not.toBeAssignableTo<Plan<Record<string, string>>>();
});

test('unknown needs do not compile where the names are known', () => {
  expect(base.step).type.not.toBeCallableWith('api', [name], () => 1);
});
