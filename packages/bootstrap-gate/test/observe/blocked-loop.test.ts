import { type Children, prepareChildren } from '../child.js';

let children: Children;

beforeAll(() => (children = prepareChildren()));
afterAll(() => children.remove());

/** Not as under a test runner, where there is no watchdog. */
const asInProduction = `
  for (const name of ['NODE_ENV', 'JEST_WORKER_ID', 'VITEST', 'NODE_TEST_CONTEXT']) delete process.env[name];
  const parse = (ms) => { for (const end = Date.now() + ms; Date.now() < end; ); };
  const threads = () => require('node:fs').readFileSync('/proc/self/status', 'utf8').match(/Threads:\\s+(\\d+)/)[1];
  const turn = (ms) => new Promise((resolve) => setTimeout(resolve, ms));`;

test('D13: while the loop is blocked in a step, a thread tells with which stack', async () => {
  const { stderr } = await children.run(`${asInProduction}
    const loadPrices = () => parse(3_000);
    createGate({ name: 'shop', blockedAfterMs: 300, eager: true, bootstrap: (boot) => boot.step('prices', async () => {
      await turn(20);
      loadPrices();
      require('node:fs').writeSync(2, 'it is over');
    }) });`);
  const [meanwhile, ...afterwards] = stderr.split('it is over');
  expect(meanwhile).toMatch(/\[GATE_LOOP_BLOCKED\] BootstrapGateWarning: The event loop has been blocked for \d\.\d s/);
  expect(meanwhile).toMatch(/at parse \(.*\n.*at loadPrices \(/);
  expect(afterwards).toHaveLength(1);
});

test('D13, D6: when it runs again, warning, report and channel say which step was pending, how long, and where', async () => {
  const { stdout, stderr } = await children.run(`${asInProduction}
    const messages = [];
    require('node:diagnostics_channel').subscribe('bootstrap-gate.stall', (message) => messages.push(message));
    const gate = createGate({ name: 'shop', blockedAfterMs: 300, bootstrap: async (boot) => {
      await boot.step('config', () => turn(20));
      await boot.step('all', async () => boot.step('prices', () => { parse(3_000); }));
    } });
    gate.ensureReady().then(() => console.log(JSON.stringify({ blocked: gate.report().blocked, messages })));`);
  const { blocked, messages } = JSON.parse(stdout);
  expect(blocked).toEqual([
    {
      since: expect.any(Number),
      blockedMs: expect.any(Number),
      stack: expect.arrayContaining([expect.stringMatching(/^parse \(/)]),
      children: [],
      during: ['step "prices" of gate "shop"'],
    },
  ]);
  expect(messages).toEqual([{ gate: 'shop', type: 'blocked', flight: 1, blocked: blocked[0] }]);
  expect(stderr).toMatch(
    /\[GATE_LOOP_BLOCKED\] BootstrapGateWarning: While the step "prices" of gate "shop" was pending, the event loop was blocked for \d\.\d s:\n {4}at parse/,
  );
});

test('D13: nothing of the watchdog is left once the gate is open, and before it is a thread', async () => {
  const { stdout, stderr } = await children.run(`${asInProduction}
    const childProcess = require('node:child_process');
    const { execSync } = childProcess;
    const seen = [threads()];
    const gate = createGate({ bootstrap: async () => { await turn(300); seen.push(threads()); } });
    gate.ensureReady().then(async () => {
      while (threads() !== seen[0] || process.getActiveResourcesInfo().includes('MessagePort')) await turn(10);
      console.log(seen[1] > seen[0], childProcess.execSync === execSync);
    });`);
  expect({ stdout, stderr }).toEqual({ stdout: 'true true\n', stderr: '' });
});

test.each([
  ['with blockedAfterMs: Infinity', 'blockedAfterMs: Infinity', ''],
  ['in tests', 'blockedAfterMs: 300', `process.env.NODE_ENV = 'test';`],
])('D13: %s there is no thread', async (_, option, setting) => {
  const { stdout } = await children.run(`${asInProduction} ${setting}
    const before = threads();
    createGate({ ${option}, bootstrap: async () => { await turn(100); console.log(threads() === before); } }).ensureReady();`);
  expect(stdout).toBe('true\n');
});
