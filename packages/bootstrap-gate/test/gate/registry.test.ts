/** Gates are found by name, and by the doors of every copy of the package. */
import { collectGarbage } from '@bootstrap-gate/deadlock/adapter';
import { createGate, gateNamed } from '../../src/index.js';
import type * as Index from '../../src/index.js';
import { coreOf } from '../../src/gate/registry.js';
import type * as Registry from '../../src/gate/registry.js';
import { settled } from '../manual-clock.js';

/** Another copy of the package in this process, as when ESM and CommonJS are mixed. */
function anotherCopy() {
  let copy!: typeof Index & Pick<typeof Registry, 'coreOf'>;
  jest.isolateModules(() => {
    copy = {
      ...jest.requireActual<typeof Index>('../../src/index.js'),
      ...jest.requireActual<typeof Registry>('../../src/gate/registry.js'),
    };
  });
  return copy;
}

test('gateNamed gives the one gate of that name, and undefined where there is none', () => {
  const gate = createGate({ name: 'the only one' });
  expect(gateNamed('the only one')).toBe(gate);
  expect(gateNamed('no such gate')).toBeUndefined();
});

test('gateNamed is a TypeError where several gates have the name', () => {
  const gates = [createGate({ name: 'twins' }), createGate({ name: 'twins' })];
  const message = 'gateNamed: 2 gates have the name "twins"; give each its own';
  expect(() => gateNamed('twins')).toThrow(new TypeError(message));
  expect(gates).toHaveLength(2); // they are alive until here
});

test('a gate that is closed makes way for the next one of its name', async () => {
  const first = createGate({ name: 'renewed' });
  await first.close();
  expect(gateNamed('renewed')).toBe(first);
  const second = createGate({ name: 'renewed' });
  expect(gateNamed('renewed')).toBe(second);
});

test('a gate is found by name and by doors whichever copy of the package made it', () => {
  const other = anotherCopy();
  expect(other.createGate).not.toBe(createGate);
  const gate = other.createGate({ name: 'of another copy' });
  expect(gateNamed('of another copy')).toBe(gate);
  expect(coreOf('the test', gate)).toBe(other.coreOf('the test', gate));
});

test('a gate that nothing holds is forgotten', async () => {
  const make = (): void => void createGate({ name: 'short-lived' });
  make();
  for (let round = 0; round < 20 && gateNamed('short-lived'); round++) {
    await settled(); // a WeakRef lives to the end of the turn
    collectGarbage();
  }
  await settled();
  expect(gateNamed('short-lived')).toBeUndefined();
});
