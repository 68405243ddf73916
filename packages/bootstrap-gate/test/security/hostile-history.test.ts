import { createGate, type GateOptions } from '../../src/index.js';
import { collectWarnings, deferred } from '../support.js';

afterEach(() => jest.restoreAllMocks());

/** Boots once with this history, and gives the gate when the new one was saved. */
async function bootWith(text: string, bootstrap: GateOptions<unknown>['bootstrap'] = () => 1) {
  const saved = deferred();
  const gate = createGate({ bootstrap, history: { load: () => text, save: () => saved.resolve() } });
  await gate.ensureReady();
  await saved.promise;
  return gate;
}

test('P1: hostile names in a history pollute nothing, and are steps like others', async () => {
  const steps = '{"__proto__":1,"constructor":1,"hasOwnProperty":1}';
  const text = `{"version":1,"__proto__":{"polluted":true},"boots":[{"durationMs":1,"steps":${steps}}]}`;
  const gate = await bootWith(text, async (boot) => {
    await boot.step('__proto__', () => {});
    await boot.step('toString', () => {});
  });
  expect(gate.report().estimate).toMatchObject({ boots: 1, slower: [] });
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test.each(['1e308', '9007199254740992', '-0.1', 'null', '"1"', '{}', '[1]'])(
  'P1: a history with the time %s is refused, whatever it is the time of',
  async (time) => {
    const warnings = collectWarnings();
    for (const boot of [`{"durationMs":${time},"steps":{}}`, `{"durationMs":1,"steps":{"a":${time}}}`]) {
      const gate = await bootWith(`{"version":1,"boots":[${boot}]}`);
      expect(gate.report().estimate).toBeNull(); // a boot is not measured by itself
    }
    expect(warnings.map(({ message }) => /it is not .*/.exec(message)?.[0])).toEqual(
      Array(2).fill('it is not a history of boots'),
    );
  },
);

test('P1: the largest times that are accepted stay numbers in what is reckoned with them', async () => {
  const longest = Number.MAX_SAFE_INTEGER;
  const boot = `{"durationMs":${longest},"steps":{"a":${longest}}}`;
  const gate = await bootWith(`{"version":1,"boots":[${boot},${boot},${boot}]}`);
  expect(JSON.stringify(gate.report().estimate)).not.toContain('null');
});
