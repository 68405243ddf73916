/** With the types of Express 5; those of 4 are in the folder beside. */
import { createGate, type Gate } from '../../src/index.js';
import { bootstrapGate, type BootstrapGateOptions, type GatedHandler } from '../../src/doors/express.js';
import express from 'express';
import { expect, test } from 'tstyche';

test('the middleware fits applications and routers', () => {
  express().use(bootstrapGate());
  express.Router().use('/api', bootstrapGate({ bootstrap: () => 1 }));
});

test("the bootstrap's value flows into handler and gate", () => {
  const gated = bootstrapGate({
    bootstrap: async () => ({ db: 'url' }),
    handler: (value) => {
      expect(value).type.toBe<{ db: string }>();
      return express.Router();
    },
  });
  expect(gated).type.toBe<GatedHandler<{ db: string }>>();
  expect(gated.gate).type.toBe<Gate<{ db: string }>>();
});

test('the value of a shared gate flows into handler', () => {
  const gate = createGate({ bootstrap: () => 7 });
  const gated = bootstrapGate({
    gate,
    handler: (value) => {
      expect(value).type.toBe<number>();
      return (_req, _res, next) => next();
    },
  });
  expect(gated.gate).type.toBe<Gate<number>>();
});

test('wrong options do not compile', () => {
  expect(bootstrapGate).type.not.toBeCallableWith({ waitTimeout: 1 });
  expect(bootstrapGate).type.not.toBeCallableWith({ onDenied: 'throw' });
  expect(bootstrapGate).type.not.toBeCallableWith({ bootstrap: () => 1, handler: () => 'not middleware' });
  expect(bootstrapGate).type.not.toBeCallableWith({ gate: createGate({ bootstrap: () => 1 }), eager: true });
  expect<BootstrapGateOptions<number>>().type.not.toBeAssignableFrom({ gate: {} });
});
