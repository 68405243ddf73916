import { runProgram } from './support/child.js';

interface Seen {
  readonly replies: string[];
  readonly uncaught: string[];
}

const program = require.resolve('./programs/failing-handler.ts');
const served = ['/1 200', '/2 200', '/3 200', '/later 200'];
const good = ({ replies }: Seen): string[] => replies.filter((reply) => !reply.includes('bad'));
const bad = ({ replies }: Seen): string[] => replies.filter((reply) => reply.includes('bad'));
const run = (...args: string[]): Promise<Seen> => runProgram<Seen>(program, ...args);

const broken = ['/bad1 broken', '/bad2 broken', '/bad-later broken'];
const answered = ['/bad1 500', '/bad2 500', '/bad-later 500'];
const as = (origin: string): string[] => ['/bad1', '/bad2', '/bad-later'].map((path) => `${origin}: ${path}`);

test('H4, H8: an error that the application throws behind gateServer surfaces as without the gate, and ends no release', async () => {
  const [without, gated] = await Promise.all([run('none', 'throw'), run('server', 'throw')]);
  expect(without.uncaught.sort()).toEqual(as('uncaughtException').sort());
  expect(gated.uncaught).toEqual(as('uncaughtException'));
  expect(good(gated)).toEqual(served);
  expect(bad(gated)).toEqual(broken);
});

test('H8: a rejection behind gateServer reaches the rejection capture of the server, as without the gate', async () => {
  const [without, gated] = await Promise.all([run('none', 'reject', 'capture'), run('server', 'reject', 'capture')]);
  expect(without).toEqual(gated);
  expect(gated.uncaught).toEqual([]);
  expect(bad(gated)).toEqual(answered);
  expect(good(gated)).toEqual(served);
});

test('H8: a rejection behind gateServer that nobody captures surfaces as without the gate', async () => {
  const gated = await run('server', 'reject');
  expect(gated.uncaught).toEqual(as('unhandledRejection'));
  expect(good(gated)).toEqual(served);
});

test('H8: a rejection behind bootstrapGate reaches the rejection capture of the server', async () => {
  const gated = await run('listener', 'reject', 'capture');
  expect(gated.uncaught).toEqual([]);
  expect(bad(gated)).toEqual(answered);
  expect(good(gated)).toEqual(served);
});

test('H4, H8: an error that a held listener throws reaches its caller through the promise, and ends no release', async () => {
  const gated = await run('listener', 'throw');
  expect(gated.uncaught).toEqual([
    'unhandledRejection: /bad1',
    'unhandledRejection: /bad2',
    'uncaughtException: /bad-later',
  ]);
  expect(good(gated)).toEqual(served);
});

test('H8: an error that a held listener throws is captured where the server captures rejections', async () => {
  const gated = await run('listener', 'throw', 'capture');
  expect(gated.uncaught).toEqual(['uncaughtException: /bad-later']);
  expect(bad(gated)).toEqual(['/bad1 500', '/bad2 500', '/bad-later broken']);
});
