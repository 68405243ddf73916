/** What is left of the gate when it is open, and what is refused before there is one. */
import { createGate } from '../../../src/index.js';
import { bootstrapGate } from '../../../src/doors/express.js';

const res = {} as never;

test('A2, H8: an open gate touches neither request nor response, and gives back what next() returns', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  const next = (): string => 'what next returns';
  expect(bootstrapGate({ gate })({} as never, res, next as never)).toBe('what next returns');
});

test('A2, H8: with health paths an open gate compares the URL, and nothing else', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  const next = (): string => 'what next returns';
  const req = { method: 'GET', originalUrl: '/' } as never;
  const gated = bootstrapGate({ gate, health: true, waitingPage: true });
  expect(gated(req, res, next as never)).toBe('what next returns');
});

test('a wrong option is a TypeError that names the function', () => {
  expect(() => bootstrapGate({ exempt: 1 as never })).toThrow(/^bootstrapGate: option "exempt" /);
});
