import { type Children, prepareChildren } from '../child.js';

let children: Children;
beforeAll(() => {
  children = prepareChildren();
});
afterAll(() => children.remove());

/** What the process said at its end. */
const lastWords = (stderr: string): string[] =>
  [...stderr.matchAll(/^\(node:\d+\) \[GATE_UNFINISHED\] BootstrapGateWarning: (.*)$/gm)].map(([, text = '']) => text);

const pending =
  /The step "load" of gate "shop" has been pending for \d+\.\d s \(started at .*\[eval1?\]:2:\d+\)?\); it waits for nothing that the gate knows of\.$/;
const couldNotOpen = expect.stringMatching(
  new RegExp(`^The process ends before gate "shop" could open\\. ${pending.source}`),
) as string;

/** Kept by the program: if it were collected before the end, the bootstrap would have failed by then (D7). */
const never = `(globalThis.never ??= new Promise(() => {}))`;
/** Options of a gate whose bootstrap never ends. */
const hanging = `name: 'shop', bootstrap: (boot) => boot.step('load', () => ${never})`;

test.each([
  ['eager', `createGate({ ${hanging}, eager: true });`],
  ['lazy', `createGate({ ${hanging} }).ensureReady();`],
  ['awaited', `(async () => { await createGate({ ${hanging} }).ensureReady(); console.log('never'); })();`],
  ['waited for by a wrapped function', `createGate({ ${hanging} }).wrap(() => console.log('never'))();`],
  ['with deadlock "off"', `createGate({ ${hanging}, eager: true, deadlock: 'off' });`],
])('D8: a process with an unfinished bootstrap ends with 1 and names the step: %s', async (_how, program) => {
  const { code, stdout, stderr } = await children.run(program);
  expect([code, stdout]).toEqual([1, '']);
  expect(lastWords(stderr)).toEqual([couldNotOpen]);
});

test('D8: without steps the bootstrap is named', async () => {
  const { code, stderr } = await children.run(`createGate({ name: 'shop', bootstrap: () => ${never}, eager: true });`);
  expect(code).toBe(1);
  expect(lastWords(stderr)).toEqual([expect.stringContaining('The bootstrap of gate "shop" has been pending for')]);
});

test('D8: each unfinished gate has its word, and what it waits for', async () => {
  const { code, stderr } = await children.run(`
    const stock = createGate({ name: 'stock', bootstrap: () => ${never} });
    createGate({ name: 'shop', bootstrap: (boot) => boot.step('stock', () => stock.ensureReady()), eager: true });
    createGate({ name: 'config', bootstrap: () => 1, eager: true });
    createGate({ name: 'mail', bootstrap: (boot) => Promise.all(['a', 'b'].map((name) => boot.step(name, () => ${never}))), eager: true });
  `);
  expect(code).toBe(1);
  expect(lastWords(stderr)).toEqual([
    expect.stringMatching(
      /gate "shop" could open\. The step "stock" of gate "shop" .*; it waits for gate "stock" since/,
    ),
    expect.stringMatching(/gate "stock" could open\. The bootstrap of gate "stock"/),
    expect.stringMatching(/gate "mail" could open\. The step "a" of gate "mail" .* The step "b" of gate "mail"/),
  ]);
});

test.each([
  [3, `process.exitCode = 3;`],
  [0, `process.exitCode = 0;`],
])('D8: an exit code that was set before is kept: %j', async (expected, program) => {
  const { code, stderr } = await children.run(`createGate({ ${hanging}, eager: true }); ${program}`);
  expect(code).toBe(expected);
  expect(lastWords(stderr)).toHaveLength(1);
});

test('D8: a pending top-level await keeps the 13 of Node', async () => {
  const { code, stdout, stderr } = await children.run(
    `await createGate({ ${hanging} }).ensureReady(); console.log('never');`,
    ...asModule,
  );
  expect([code, stdout]).toEqual([13, '']);
  expect(lastWords(stderr)).toEqual([couldNotOpen]);
});

/** Runs the program as an ES module, which still has `require` for its first line. */
const asModule = [
  '--input-type=module',
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    import { createRequire } from 'node:module';
    globalThis.require = createRequire(process.cwd() + '/program');
  `)}`,
];

test.each([
  [0, 'process.exit(0)'],
  [0, 'process.exit()'],
  [4, 'process.exit(4)'],
])('D8: %j: nothing is said by %s in the middle', async (expected, exit) => {
  const { code, stderr } = await children.run(`createGate({ ${hanging}, eager: true }); setImmediate(() => ${exit});`);
  expect([code, stderr]).toEqual([expected, '']);
});

test.each([
  [1, 'an uncaught error', `setImmediate(() => { throw new Error('mine'); });`],
  [1, 'an unhandled rejection', `setImmediate(() => Promise.reject(new Error('mine')));`],
  [
    7,
    'an error in the last handler',
    `process.on('uncaughtException', (error) => { throw error; }); setImmediate(() => { throw new Error('mine'); });`,
  ],
])('D8: %j: %s keeps its own code and its own last word', async (expected, _what, program) => {
  const { code, stderr } = await children.run(`createGate({ ${hanging}, eager: true }); ${program}`);
  expect(code).toBe(expected);
  expect(stderr).toContain('Error: mine');
  expect(lastWords(stderr)).toEqual([]);
});

test('D8: with --no-warnings nothing is printed, and the exit code is still 1', async () => {
  const { code, stderr } = await children.run(`createGate({ ${hanging}, eager: true });`, '--no-warnings');
  expect([code, stderr]).toEqual([1, '']);
});

test('D8: who listens to warnings is told at the end', async () => {
  const { code, stdout } = await children.run(`
    process.on('warning', ({ name, code }) => console.log(name, code));
    createGate({ ${hanging}, eager: true });
  `);
  expect([code, stdout]).toEqual([1, 'BootstrapGateWarning GATE_UNFINISHED\n']);
});

test.each([
  ['opened', `const gate = createGate({ bootstrap: () => 1 }); await gate.ensureReady();`],
  ['opened by a pilot', `await createGate().wrap(() => 1)();`],
  ['failed', `await createGate({ bootstrap: () => Promise.reject(new Error('no')) }).ensureReady().catch(() => {});`],
  [
    'run into its time limit',
    `await createGate({ bootTimeoutMs: 1, bootstrap: () => ${never} }).ensureReady().catch(() => {});`,
  ],
  ['been closed', `const gate = createGate({ bootstrap: () => 1, eager: true }); await gate.close();`],
  ['been closed while it was idle', `await createGate({ ${hanging} }).close();`],
  [
    'been reset and opened again',
    `const gate = createGate({ bootstrap: () => 1, eager: true }); await gate.reset(); await gate.ensureReady();`,
  ],
  ['never been asked', `createGate({ ${hanging} });`],
])('D8: a gate that has %s says nothing and leaves no listener on the process', async (_what, program) => {
  const { code, stdout, stderr } = await children.run(`
    const listeners = () => ['beforeExit', 'exit'].map((name) => process.listenerCount(name)).join();
    (async () => {
      const before = listeners();
      ${program}
      console.log(listeners() === before);
    })();
  `);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'true\n', stderr: '' });
});

test('D8: however many gates are unfinished, the process has one listener of each kind, and none once they are done', async () => {
  const { code, stdout } = await children.run(`
    const listeners = () => ['beforeExit', 'exit'].map((name) => process.listenerCount(name));
    const [beforeExit, exit] = listeners();
    const told = () => console.log(listeners()[0] - beforeExit, listeners()[1] - exit);
    const ends = [];
    const gates = Array.from({ length: 20 }, () => createGate({ bootstrap: () => new Promise((end) => ends.push(end)), eager: true }));
    told();
    for (const end of ends) end();
    Promise.all(gates.map((gate) => gate.ensureReady())).then(told);
  `);
  expect([code, stdout]).toEqual([0, '1 1\n0 0\n']);
});

test.each([
  ['close', 'closed'],
  ['reset', 'reset'],
])('D8: a %s whose rollback never ends is unfinished', async (method, done) => {
  const { code, stderr } = await children.run(`
    const gate = createGate({ name: 'shop', bootstrap: { run: () => 1, stop: () => new Promise(() => {}) } });
    gate.ensureReady().then(() => gate.${method}());
  `);
  expect(code).toBe(1);
  expect(lastWords(stderr)).toEqual([
    expect.stringMatching(
      new RegExp(
        `^The process ends before gate "shop" is ${done}\\. The stop of the bootstrap of gate "shop" has been pending for`,
      ),
    ),
  ]);
});

test('D8: so is a close whose bootstrap ignores its signal', async () => {
  const { code, stderr } = await children.run(`
    const gate = createGate({ name: 'shop', bootstrap: () => ${never}, eager: true });
    gate.close().then(() => console.log('never'));
  `);
  expect(code).toBe(1);
  expect(lastWords(stderr)).toEqual([
    expect.stringMatching(
      /^The process ends before gate "shop" is closed\. The bootstrap of gate "shop" has been pending/,
    ),
  ]);
});

test('D8: a server that listens is not disturbed', async () => {
  const { code, stdout, stderr } = await children.run(`
    const { connect, createServer } = require('node:net');
    const heard = [];
    process.on('warning', ({ code }) => heard.push(code));
    createGate({ ${hanging}, eager: true });
    const server = createServer((socket) => socket.end('alive'));
    server.listen(0, '127.0.0.1', () => {
      connect(server.address().port, '127.0.0.1').on('data', (text) => {
        console.log(String(text), heard.length, process.exitCode);
        server.close();
      });
    });
  `);
  expect([code, stdout]).toEqual([1, 'alive 0 undefined\n']);
  expect(lastWords(stderr)).toHaveLength(1);
});

test('D8: where somebody finds work to do at the end, the process goes on', async () => {
  const { code, stdout, stderr } = await children.run(`
    let finish;
    const gate = createGate({ bootstrap: () => new Promise((resolve) => (finish = resolve)), eager: true });
    process.once('beforeExit', () => setTimeout(() => setTimeout(finish, 1, 'done'), 1));
    gate.ensureReady().then(console.log);
  `);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'done\n', stderr: '' });
});

test('D8: work that is found at the end and does not help puts the last word off', async () => {
  const { code, stdout, stderr } = await children.run(`
    createGate({ ${hanging}, eager: true });
    process.once('beforeExit', () => setTimeout(() => console.log('worked'), 1));
  `);
  expect([code, stdout]).toEqual([1, 'worked\n']);
  expect(lastWords(stderr)).toHaveLength(1);
});

test('D8: after such work process.exit() is silent again', async () => {
  const { code, stderr } = await children.run(`
    createGate({ ${hanging}, eager: true });
    process.once('beforeExit', () => setTimeout(() => setImmediate(() => process.exit(0)), 1));
  `);
  expect([code, stderr]).toEqual([0, '']);
});

test('D8: a worker thread ends with 1 and says so; the process goes on', async () => {
  const { code, stdout, stderr } = await children.run(`
    const { Worker } = require('node:worker_threads');
    const program = ${JSON.stringify(`
      Object.assign(globalThis, require('./bootstrap-gate.cjs'));
      createGate({ ${hanging}, eager: true });
    `)};
    new Worker(program, { eval: true }).on('exit', (code) => console.log('the worker ended with', code));
  `);
  expect([code, stdout]).toEqual([0, 'the worker ended with 1\n']);
  expect(lastWords(stderr)).toEqual([expect.stringMatching(/gate "shop" could open\. The step "load"/)]);
});
