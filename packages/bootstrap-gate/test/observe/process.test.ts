import { type Children, prepareChildren } from '../child.js';

let children: Children;
beforeAll(() => {
  children = prepareChildren();
});
afterAll(() => children.remove());

test('A8: no unhandled rejection, lazy or eager, awaited or not, in a process that dies of one', async () => {
  const ended = await children.run(
    `
    const fail = () => Promise.reject(new Error('no'));
    const seen = [];
    process.on('warning', ({ name, code, cause }) => seen.push([name, code, cause && cause.message]));
    createGate({ name: 'eager', bootstrap: fail, eager: true });
    createGate({ name: 'sync', bootstrap: () => { throw new Error('no'); }, eager: true });
    createGate({ name: 'steps', bootstrap: (boot) => { boot.step('a', fail); boot.step('b', fail); }, eager: true });
    createGate({ name: 'detached', bootstrap: (boot) => boot.detach(fail), eager: true });
    const closed = createGate({ bootstrap: { run: () => 1, stop: fail }, eager: true });
    setImmediate(() => { closed.close(); });
    const reset = createGate({ bootstrap: fail, eager: true });
    reset.reset();
    process.on('exit', () => console.log(JSON.stringify(seen)));
    `,
    '--unhandled-rejections=strict',
  );
  expect(ended.code).toBe(0);
  const seen = JSON.parse(ended.stdout) as string[][];
  expect(seen.map(([name]) => name)).toEqual(seen.map(() => 'BootstrapGateWarning'));
  expect(seen.map(([, code, cause]) => `${code}: ${cause}`).sort()).toEqual([
    'GATE_DETACHED_FAILED: no',
    'GATE_FLIGHT_FAILED: no',
    'GATE_FLIGHT_FAILED: no',
    'GATE_FLIGHT_FAILED: no',
    'GATE_STOP_FAILED: no',
  ]);
});

test('A8: a warning shows its kind, its code and what happened to whoever reads the log', async () => {
  const { stderr, code } = await children.run(`
    createGate({ name: 'shop', bootstrap: () => Promise.reject(new Error('no database')), eager: true });
  `);
  expect(code).toBe(0);
  expect(stderr).toMatch(/\[GATE_FLIGHT_FAILED\] BootstrapGateWarning: .*"shop".*no database/);
});

test('a bootstrap that ends the process ends it, with its own exit code', async () => {
  const lazy = `createGate({ bootstrap: () => process.exit(3) }).ensureReady().then(() => console.log('never'));`;
  const eager = `createGate({ bootstrap: (boot) => boot.step('a', async () => process.exit(4)), eager: true });`;
  expect(await children.run(lazy)).toEqual({ code: 3, stdout: '', stderr: '' });
  expect(await children.run(eager)).toEqual({ code: 4, stdout: '', stderr: '' });
});

test('A2: a gate that is open, and one in its cooldown, do not keep the process alive', async () => {
  const { code, stdout } = await children.run(`
    const open = createGate({ bootstrap: () => 1, bootTimeoutMs: 3_600_000 });
    const failed = createGate({ bootstrap: () => Promise.reject(new Error('no')), cooldownMs: 3_600_000 });
    failed.ensureReady().catch(() => console.log('failed'));
    open.ensureReady({ timeoutMs: 3_600_000 }).then(() => console.log('open'));
  `);
  expect(code).toBe(0);
  expect(stdout.split('\n').sort()).toEqual(['', 'failed', 'open']);
});

test('F5: the time limit of a pilot does not keep the process alive', async () => {
  const { code, stdout } = await children.run(`
    const gate = createGate({ pilotTimeoutMs: 3_600_000 });
    gate.wrap(() => new Promise(() => {}))();
    console.log(gate.state);
  `);
  expect([code, stdout]).toEqual([0, 'booting\n']);
});

/**
 * While promise hooks are installed every promise has an async id, and its reactions run under it; without hooks they
 * run under that of the callback before them.
 */
const promisesAreTracked = `
  const { executionAsyncId } = require('node:async_hooks');
  const promisesAreTracked = async () => {
    for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate); // they are taken down in the next turn
    const ids = new Set();
    for (let n = 0; n < 5; n++) { await null; ids.add(executionAsyncId()); }
    return ids.size > 1;
  };
`;

test('A2: the check below does see promise hooks where there are any', async () => {
  const { stdout } = await children.run(`
    ${promisesAreTracked}
    require('node:async_hooks').createHook({ init() {} }).enable();
    promisesAreTracked().then(console.log);
  `);
  expect(stdout).toBe('true\n');
});

test.each<[string, string]>([
  ['opened', `const gate = createGate({ bootstrap }); await gate.ensureReady(); await gate.wrap(() => 1)();`],
  ['opened eagerly', `const gate = createGate({ bootstrap, eager: true }); await gate.ensureReady();`],
  ['opened by a pilot', `await createGate().wrap(async () => 1)();`],
  [
    'told a listener of a change',
    `const gate = createGate({ bootstrap }); await gate.ensureReady(); gate.onChange(() => {}); gate.drain();`,
  ],
  [
    'detached work after its end',
    `let boot; await createGate({ bootstrap: (given) => void (boot = given) }).ensureReady(); boot.detach(() => {});`,
  ],
  ['failed', `await createGate({ bootstrap: () => Promise.reject(1) }).ensureReady().catch(() => {});`],
  ['been reset', `const gate = createGate({ bootstrap, eager: true }); await gate.reset();`],
  ['been closed', `const gate = createGate({ bootstrap }); await gate.ensureReady(); await gate.close();`],
  [
    'refused a self-wait',
    `const gate = createGate({ bootstrap: () => gate.ensureReady().catch(() => {}) }); await gate.ensureReady();`,
  ],
  [
    'started detached work that still waits for its gate',
    `const gate = createGate({ bootstrap: (boot) => boot.detach(() => gate.ensureReady()) }); await gate.ensureReady();`,
  ],
  [
    'taken traced mutexes',
    `const { Mutex } = require('async-mutex');
     const [a, b] = ['a', 'b'].map((name) => traceMutex(new Mutex(), name));
     await createGate({ bootstrap: (boot) => boot.step('a', () => a.runExclusive(() => b.acquire())) }).ensureReady();
     b.release();
     await new Promise(setImmediate); // what was tracked until now is not any more
     await a.runExclusive(() => b.runExclusive(() => a.acquire().catch(() => {})));
     await Promise.all([a.runExclusive(() => 1), a.runExclusive(() => Promise.reject(1)).catch(() => {})]);
     await a.runExclusive(() => b.acquire()).then((release) => release());`,
  ],
  [
    'answered in another async context',
    `const als = new (require('node:async_hooks').AsyncLocalStorage)();
     await als.run(1, () => createGate({ bootstrap }).ensureReady());
     als.disable();`,
  ],
])('A2: no promise hooks are left in the process after a gate has %s', async (_what, program) => {
  const { stdout, stderr, code } = await children.run(`
    ${promisesAreTracked}
    const bootstrap = (boot) => boot.step('a', async () => 1, { stop: () => {} });
    (async () => {
      console.log(await promisesAreTracked());
      await (async () => { ${program} })();
      console.log(await promisesAreTracked());
    })();
  `);
  expect({ stdout, stderr, code }).toEqual({ stdout: 'false\nfalse\n', stderr: '', code: 0 });
});
