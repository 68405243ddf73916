import { createGate, type BootstrapOptions } from '../../src/index.js';

const bootstrap = (): number => 1;

/** Creates a gate from options that the types may forbid. */
const create = (options: unknown) => () => createGate(options as BootstrapOptions<unknown>);

/** That creation is a TypeError which names the option and says something more. */
function expectRefused(options: object, option: string): void {
  let thrown: unknown;
  try {
    create(options)();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(TypeError);
  const { message } = thrown as TypeError;
  expect(message).toContain('createGate');
  expect(message).toContain(`"${option}"`);
  expect(message.length).toBeGreaterThan(`createGate: "${option}"`.length + 10);
}

test.each([null, 1, 'options', true, [], () => 1, Symbol('options')])(
  'Errors: options that are %p are a TypeError',
  (options) => {
    expect(create(options)).toThrow(TypeError);
  },
);

test('Errors: no options, undefined and options that are undefined are the defaults', () => {
  for (const options of [
    undefined,
    {},
    { name: undefined, bootstrap: undefined, eager: undefined, retry: undefined },
  ]) {
    const gate = create(options)();
    expect(gate.name).toBe('bootstrap');
    expect(gate.state).toBe('idle');
  }
});

test.each(['bootTimeout', 'timeoutMs', 'Name', 'toString', '__proto__x'])(
  'Errors: the unknown option %s is a TypeError that names it and the known ones',
  (option) => {
    expectRefused({ bootstrap, [option]: 1 }, option);
    expectRefused({ [option]: 1 }, option);
    expect(create({ [option]: 1 })).toThrow(/pilotTimeoutMs/);
    expect(create({ bootstrap, [option]: 1 })).toThrow(/bootTimeoutMs/);
  },
);

test.each(['toString', 'constructor', 'hasOwnProperty', '__proto__'])(
  'Errors: an own option called %s is unknown like any other',
  (option) => {
    const options = Object.defineProperty({}, option, { value: 1, enumerable: true });
    expectRefused(options, option);
  },
);

test.each<[string, unknown]>([
  ['eager', true],
  ['eager', false],
  ['retry', { attempts: 2 }],
  ['cooldownMs', 100],
  ['bootTimeoutMs', 100],
  ['stallAfterMs', 100],
])('Errors: %s (%p) without a bootstrap is a TypeError that names the mode', (option, value) => {
  expectRefused({ [option]: value }, option);
  expect(create({ [option]: value })).toThrow(/first-request mode/);
  expect(create({ [option]: value, bootstrap })).not.toThrow();
});

test.each<[string, unknown]>([
  ['firstRequests', 2],
  ['pilotTimeoutMs', 100],
])('Errors: %s with a bootstrap is a TypeError that names the mode', (option, value) => {
  expectRefused({ [option]: value, bootstrap }, option);
  expect(create({ [option]: value, bootstrap })).toThrow(/first-request mode/);
  expect(create({ [option]: value })).not.toThrow();
});

const notDurations = [NaN, -1, -0.001, -Infinity, '100', null, true, {}, [], 10n, new Date(), Symbol('ms')];

test.each(['bootTimeoutMs', 'stallAfterMs', 'cooldownMs'])(
  'Errors: %s that is no duration is a TypeError',
  (option) => {
    for (const value of notDurations) expectRefused({ bootstrap, [option]: value }, option);
  },
);

test('Errors: pilotTimeoutMs that is no duration is a TypeError', () => {
  for (const value of [...notDurations, 0]) expectRefused({ pilotTimeoutMs: value }, 'pilotTimeoutMs');
});

test('Errors: 0 is legal for cooldownMs and delayMs, and not for the other durations', () => {
  expect(create({ bootstrap, cooldownMs: 0, retry: { delayMs: 0 } })).not.toThrow();
  for (const option of ['bootTimeoutMs', 'stallAfterMs']) {
    expectRefused({ bootstrap, [option]: 0 }, option);
    expectRefused({ bootstrap, [option]: -0 }, option);
  }
  expectRefused({ bootstrap, retry: { maxDelayMs: 0 } }, 'maxDelayMs');
});

test('Errors: a duration may be Infinity or below one, and a failure is not remembered for ever', () => {
  expect(create({ bootstrap, bootTimeoutMs: Infinity, stallAfterMs: Infinity })).not.toThrow();
  expect(create({ bootstrap, bootTimeoutMs: 0.5 })).not.toThrow();
  expect(create({ pilotTimeoutMs: Infinity })).not.toThrow();
  expectRefused({ bootstrap, cooldownMs: Infinity }, 'cooldownMs');
});

test.each([0, -1, 1.5, NaN, Infinity, '1', null, true])('Errors: firstRequests: %p is a TypeError', (value) => {
  expectRefused({ firstRequests: value }, 'firstRequests');
});

test.each(['', 1, null, {}, Symbol('name')])('Errors: name: %p is a TypeError', (value) => {
  expectRefused({ name: value }, 'name');
});

test.each([0, 1, 'true', null, {}])('Errors: eager: %p is a TypeError', (value) => {
  expectRefused({ bootstrap, eager: value }, 'eager');
});

test.each(['error', true, null, '', 'Throw'])('Errors: deadlock: %p is a TypeError', (value) => {
  expectRefused({ bootstrap, deadlock: value }, 'deadlock');
  expect(create({ deadlock: value })).toThrow(/'throw'.*'warn'.*'off'/);
});

test.each([null, 1, 'f', true, {}, [], { run: 1 }, { run() {}, stop: 1 }, { run() {}, check: 'yes' }, { stop() {} }])(
  'Errors: bootstrap: %p is a TypeError',
  (value) => {
    expectRefused({ bootstrap: value }, 'bootstrap');
  },
);

test('Errors: check of a bootstrap object is called when the gate is created, and what it throws comes out', () => {
  const check = jest.fn();
  const run = jest.fn();
  createGate({ bootstrap: { run, check } });
  expect(check).toHaveBeenCalledTimes(1);
  expect(run).not.toHaveBeenCalled();
  const wrong = new Error('a cycle');
  const failing = (): never => {
    throw wrong;
  };
  expect(create({ bootstrap: { run, check: failing } })).toThrow(wrong);
  expect(create({ bootstrap: { run, check: failing }, eager: true })).toThrow(wrong);
  expect(run).not.toHaveBeenCalled();
});

test('Errors: a wrong option of an eager gate keeps the bootstrap from being called', () => {
  const run = jest.fn();
  expectRefused({ bootstrap: run, eager: true, bootTimeoutMs: NaN }, 'bootTimeoutMs');
  expectRefused({ bootstrap: run, eager: true, retry: { attempts: 0 } }, 'attempts');
  expect(run).not.toHaveBeenCalled();
});

test.each<[unknown, string]>([
  [{ attempts: 0 }, 'attempts'],
  [{ attempts: -1 }, 'attempts'],
  [{ attempts: 1.5 }, 'attempts'],
  [{ attempts: NaN }, 'attempts'],
  [{ attempts: '3' }, 'attempts'],
  [{ delayMs: -1 }, 'delayMs'],
  [{ delayMs: NaN }, 'delayMs'],
  [{ maxDelayMs: NaN }, 'maxDelayMs'],
  [{ maxDelayMs: -5 }, 'maxDelayMs'],
  [{ when: true }, 'when'],
  [{ times: 3 }, 'times'],
  [{ factor: 2 }, 'factor'],
])('Errors: retry: %p is a TypeError that names the option', (retry, option) => {
  expectRefused({ bootstrap, retry }, option);
  expect(create({ bootstrap, retry })).toThrow(/retry/);
});

test.each([null, 3, true, [], 'twice'])('Errors: retry: %p is a TypeError', (retry) => {
  expectRefused({ bootstrap, retry }, 'retry');
});

test('Errors: options are read once; changing them later changes nothing', async () => {
  const options = { name: 'before', bootstrap: () => 'before', retry: { attempts: 1 } };
  const gate = createGate(options);
  options.name = 'after';
  options.bootstrap = () => 'after';
  expect(gate.name).toBe('before');
  expect(await gate.ensureReady()).toBe('before');
});

test('Errors: options may be frozen, and may have no prototype', async () => {
  const options = Object.freeze(Object.assign(Object.create(null) as object, { name: 'api', bootstrap }));
  expect(await createGate(options as BootstrapOptions<unknown>).ensureReady()).toBe(1);
});

const known = 'name, bootstrap, deadlock';
const knownOfFlights = `${known}, eager, bootTimeoutMs, retry, cooldownMs, stallAfterMs, blockedAfterMs, exitOnFailure, history`;
const knownOfPilots = `${known}, firstRequests, pilotTimeoutMs`;
const wrongBootstrap =
  'must be a function, or an object with the function run and, where given, the functions stop and check';
const wrongHistory = 'must be the path of a file, or an object with the functions load and save';

test.each<[unknown, string]>([
  [null, 'createGate: the options must be an object'],
  [{ bootstrap, timeout: 1 }, `createGate: unknown option "timeout"; known are ${knownOfFlights}`],
  [{ timeout: 1 }, `createGate: unknown option "timeout"; known are ${knownOfPilots}`],
  [{ eager: true }, 'createGate: option "eager" needs a bootstrap: without one the gate is in first-request mode'],
  [
    { bootstrap, firstRequests: 1 },
    'createGate: option "firstRequests" is for first-request mode: with a bootstrap there are no pilots',
  ],
  [
    { bootstrap, blockedAfterMs: 299 },
    'createGate: option "blockedAfterMs" must be a number of milliseconds, 300 or more, not 299',
  ],
  [{ name: '' }, 'createGate: option "name" must be a string that is not empty, not ""'],
  [{ name: ['api'] }, 'createGate: option "name" must be a string that is not empty, not an array'],
  [{ deadlock: 'no' }, `createGate: option "deadlock" must be one of 'throw', 'warn', 'off', not "no"`],
  [{ firstRequests: 0 }, 'createGate: option "firstRequests" must be a whole number, 1 or more, not 0'],
  [{ pilotTimeoutMs: 0 }, 'createGate: option "pilotTimeoutMs" must be a number of milliseconds, above 0, not 0'],
  [{ bootstrap, eager: 1 }, 'createGate: option "eager" must be true or false, not 1'],
  [
    { bootstrap, bootTimeoutMs: null },
    'createGate: option "bootTimeoutMs" must be a number of milliseconds, above 0, not null',
  ],
  [
    { bootstrap, cooldownMs: Infinity },
    'createGate: option "cooldownMs" must be a finite number of milliseconds, 0 or more, not Infinity',
  ],
  [
    { bootstrap, retry: { delayMs: Infinity } },
    'createGate: option "retry": option "delayMs" must be a finite number of milliseconds, 0 or more, not Infinity',
  ],
  [
    { bootstrap, retry: { maxDelayMs: Infinity } },
    'createGate: option "retry": option "maxDelayMs" must be a finite number of milliseconds, above 0, not Infinity',
  ],
  [{ bootstrap, retry: { when: {} } }, 'createGate: option "retry": option "when" must be a function, not an object'],
  [{ bootstrap, retry: 3 }, 'createGate: option "retry": the options must be an object'],
  [
    { bootstrap: Promise.resolve() },
    `createGate: option "bootstrap" ${wrongBootstrap}, not a promise: give the function that makes it`,
  ],
  [
    { bootstrap, exempt: [] },
    'createGate: option "exempt" belongs to bootstrapGate or gateServer, the door in front of the application',
  ],
  [
    { health: true },
    'createGate: option "health" belongs to bootstrapGate or gateServer, the door in front of the application',
  ],
  [{ bootstrap: {} }, `createGate: option "bootstrap" ${wrongBootstrap}, not an object`],
  [{ bootstrap: 'start' }, `createGate: option "bootstrap" ${wrongBootstrap}, not "start"`],
  [{ bootstrap: null }, `createGate: option "bootstrap" ${wrongBootstrap}, not null`],
  [{ bootstrap, history: '' }, `createGate: option "history" ${wrongHistory}, not ""`],
  [{ bootstrap, history: bootstrap }, `createGate: option "history" ${wrongHistory}, not a function`],
  [{ bootstrap, history: { load() {} } }, `createGate: option "history" ${wrongHistory}, not an object`],
])('Errors: %p is told what is wrong, and what was expected', (options, message) => {
  expect(create(options)).toThrow(new TypeError(message));
});

test.each<[string, unknown]>([
  ['null', null],
  ['a number', 1],
  ['a store that cannot load', { load: 1, save() {} }],
  ['a store that cannot save', { load() {}, save: true }],
  ['a function with load and save', Object.assign(() => {}, { load() {}, save() {} })],
])('Errors: history: %s is a TypeError', (_what, history) => {
  expectRefused({ bootstrap, history }, 'history');
});

test('Errors: a bootstrap object needs neither stop nor check, and keeps its this', async () => {
  const stopped: unknown[] = [];
  const service = {
    url: 'db',
    run() {
      return this.url;
    },
    stop(value: string) {
      stopped.push([this.url, value]);
    },
    check() {
      stopped.push(this.url);
    },
  };
  const withoutOthers = { run: () => 1, stop: undefined, check: undefined };
  expect(create({ bootstrap: withoutOthers })).not.toThrow();
  const gate = createGate({ bootstrap: service });
  expect(await gate.ensureReady()).toBe('db');
  await gate.close();
  expect(stopped).toEqual(['db', ['db', 'db']]);
});

test.each([
  ['stalAfterMs', 'stallAfterMs'],
  ['cooldownMS', 'cooldownMs'],
  ['exitonfailure', 'exitOnFailure'],
])('Errors: an unknown option %s is told with the name that was probably meant, %s', (name, meant) => {
  expect(create({ bootstrap, [name]: 1 })).toThrow(`unknown option "${name}"; did you mean "${meant}"? Known are `);
});
