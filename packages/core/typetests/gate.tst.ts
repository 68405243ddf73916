import { createGate, type Gate, type GateOptions } from '@bootstrap-gate/core';
import { expect, test } from 'tstyche';

test('a gate carries what its bootstrap produced', () => {
  const gate = createGate({ bootstrap: async () => ({ db: 1 }) });
  expect(gate).type.toBe<Gate<{ db: number }>>();
  expect(gate.value).type.toBe<{ db: number }>();
  expect(gate.ensureReady()).type.toBe<Promise<{ db: number }>>();
});

test('a step carries what its function produced', () => {
  createGate({
    bootstrap: async (boot) => {
      expect(boot.step('database', () => 'url')).type.toBe<Promise<string>>();
    },
  });
});

test('an unknown option does not compile', () => {
  expect(createGate).type.not.toBeCallableWith({ bootTimeout: 1 });
  expect<GateOptions<unknown>>().type.not.toBeAssignableFrom({ eager: 'yes' });
});
