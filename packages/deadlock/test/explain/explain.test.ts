import type { Explanation } from '../../src/index.js';
import { run } from './program.js';

const explained = (source: string, options = '{ locateMs: 60_000 }'): Explanation =>
  run<Explanation>(`${source}\nsetTimeout(() => { print(lib.explain(${options})); process.exit(); }, 20);`).printed;

/** Such as `load 3`: a function and its line. */
const functions = ({ awaits }: Explanation): string[][] =>
  awaits.map(({ stack }) => stack.map(({ fn, at }) => `${fn} ${/:(\d+):\d+$/.exec(at)?.[1]}`));

test('D12: a stack of awaits is told line by line, the innermost first', () => {
  const found = explained(`async function connect() {
  await null;
  await new Promise((resolve) => (globalThis.held = { resolve }));
}
async function main() {
  await connect();
}
main();`);
  expect(functions(found)).toEqual([['connect 4', 'main 7']]);
  expect(found.awaits[0]).toMatchObject({ kind: 'settler', count: 1 });
  expect(found.awaits[0]?.stack.every(({ isExact }) => isExact)).toBe(true);
});

test('D12: without time for exact lines the functions are given by where they begin', () => {
  const found = explained(
    `async function connect() {
  await new Promise((resolve) => (globalThis.held = { resolve }));
}
connect();`,
    '{ locateMs: 0 }',
  );
  expect(functions(found)).toEqual([['connect 2']]);
  expect(found.awaits[0]?.stack[0]?.isExact).toBe(false);
  expect(found.text).toContain('which begins at');
});

test('D12: equal stacks are counted', () => {
  const found = explained(`const held = (globalThis.held = []);
async function request() { await new Promise((resolve) => held.push(resolve)); }
for (let n = 0; n < 3; n++) request();`);
  expect(found.awaits.map(({ count }) => count)).toEqual([3]);
  expect(found.text).toMatch(/^3 × request \(/);
});

test.each([
  ['Promise.all', 'Promise.all([wait(), Promise.resolve()])'],
  ['Promise.allSettled', 'Promise.allSettled([wait(), Promise.resolve()])'],
  ['Promise.any', 'Promise.any([wait(), Promise.reject(new Error())])'],
  ['Promise.race', 'Promise.race([wait(), wait()])'],
])('D12: what is awaited through %s says so', (name, call) => {
  const found = explained(`const held = (globalThis.held = []);
async function wait() { await new Promise((resolve) => held.push(resolve)); }
async function main() { await ${call}; }
main();`);
  expect(found.awaits.map(({ stack }) => stack.map(({ fn, via }) => [fn, via]))).toContainEqual([
    ['wait', name],
    ['main', undefined],
  ]);
});

test('D12: a cycle of awaits is certain, and told with its lines', () => {
  const found = explained(`let a, b;
async function left() { await null; await b; }
async function right() { await null; await a; }
a = left(); b = right();
globalThis.held = [a, b];`);
  expect(found.cycles).toMatchObject([{ kind: 'cycle', isCertain: true }]);
  expect(found.cycles[0]?.frames.map(({ fn }) => fn).sort()).toEqual(['left', 'right']);
  expect(found.text).toContain('A cycle of awaits that cannot end');
});

test('D2: a cycle that a race can leave is not called certain', () => {
  const found = explained(`let a, b;
async function left() { await null; await Promise.race([b, new Promise((resolve) => setTimeout(resolve, 60_000))]); }
async function right() { await null; await a; }
a = left(); b = right();
globalThis.held = [a, b];`);
  expect(found.cycles).toMatchObject([{ kind: 'cycle', isCertain: false }]);
  expect(found.text).not.toContain('cannot end');
});

test('D12: functions that only suspended functions could continue are told as a group', () => {
  const found = explained(`async function main() {
  let release;
  const lock = (globalThis.lock = new Promise((resolve) => (release = resolve)));
  await lock;
  release();
}
main();`);
  expect(found.cycles).toMatchObject([{ kind: 'group', isCertain: true, frames: [{ fn: 'main' }] }]);
  expect(found.awaits).toMatchObject([{ kind: 'suspended' }]);
});

test('D2: what has lost a race is not told', () => {
  const found = explained(`const held = (globalThis.held = []);
async function slow() { await new Promise((resolve) => held.push(resolve)); }
async function main() { await Promise.race([slow(), Promise.resolve()]); }
main();`);
  expect(found.awaits).toEqual([]);
  expect(found.text).toBe('');
});

test('D12: a promise that nothing can resolve any more is told as such', () => {
  const found = explained(`const dropped = (globalThis.dropped = new Promise(() => {}));
async function main() { await dropped; }
main();`);
  expect(found.awaits).toMatchObject([
    { kind: 'unknown', waitsFor: 'a promise that no JavaScript can resolve any more' },
  ]);
});

test('D12: who could settle it: an object with its property, a listener, a timer, a function of Node', () => {
  const found = explained(`const { EventEmitter, once } = require('node:events');
class Query {} class Client {}
const client = (globalThis.client = new Client());
async function query() { await new Promise((resolve) => { client.active = new Query(); client.active.callback = () => resolve(); }); }
const bus = (globalThis.bus = new EventEmitter());
async function event() { await new Promise((resolve) => bus.on('ready', () => resolve())); }
async function timer() { await new Promise((resolve) => setTimeout(resolve, 60_000)); }
query(); event(); timer();`);
  const reasons = Object.fromEntries(found.awaits.map(({ stack, waitsFor }) => [stack[0]?.fn, waitsFor]));
  expect(reasons.query).toMatch(/Query\.callback ← Client\.active/);
  expect(reasons.event).toMatch(/the listener of "ready" of EventEmitter/);
  expect(reasons.timer).toMatch(/a timer$/);
});

test('D12: code without async functions is told by its callbacks', () => {
  const found = explained(`const connect = () => new Promise((resolve) => (globalThis.held = { resolve }));
connect().then(function afterConnect() {});`);
  expect(found.awaits).toMatchObject([{ stack: [{ fn: 'afterConnect', kind: 'then' }] }]);
});

test('D6: promises that the caller names come first, under their names', () => {
  const found = explained(
    `const held = (globalThis.held = []);
async function background() { await new Promise((resolve) => held.push(resolve)); }
async function load() { await new Promise((resolve) => held.push(resolve)); }
background();
const step = load();
const other = (async () => { await step; })();`,
    `{ locateMs: 60_000, of: { 'step "load"': step, 'step "use"': other } }`,
  );
  expect(found.awaits.map(({ of, kind, waitsFor }) => [of, kind === 'named' ? waitsFor : kind])).toEqual([
    ['step "load"', 'settler'],
    ['step "use"', 'step "load"'],
    [undefined, 'settler'],
  ]);
});

test('D12: above the heap limit nothing is read, and the limit is named', () => {
  const found = explained('', '{ maxHeapMb: 1 }');
  expect(found.awaits).toEqual([]);
  expect(found.unavailable).toMatch(/^the heap has \d+ MB, more than the limit maxHeapMb of 1$/);
  expect(found.text).toContain(found.unavailable);
});

test('D12: it works in an exit listener', () => {
  const { printed } =
    run<Explanation>(`async function main() { await new Promise((resolve) => (globalThis.held = { resolve })); }
main();
process.on('exit', () => print(lib.explain({ locateMs: 60_000 })));`);
  expect(functions(printed)).toEqual([['main 2']]);
});

test('D12: on another runtime it says that there is nothing to read', () => {
  const found = explained(`Object.defineProperty(process.versions, 'bun', { value: '1.0.0' });`);
  expect(found.unavailable).toBe('this runtime has no heap snapshot of V8; only Node.js does');
});

test('R2: without an inspector it still tells the functions', () => {
  const { printed, stderr } = run<Explanation>(
    `async function main() { await new Promise((resolve) => (globalThis.held = { resolve })); }
main();
const { Session } = require('node:inspector');
Session.prototype.connect = () => { throw new Error('not permitted'); };
setImmediate(() => { print(lib.explain()); process.exit(); });`,
  );
  expect(stderr).toBe('why is loaded\n');
  expect(functions(printed)).toEqual([['main 2']]);
});
