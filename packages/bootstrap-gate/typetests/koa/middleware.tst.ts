import { createGate, type Gate } from '../../src/index.js';
import { bootstrapGate, type GatedMiddleware } from '../../src/doors/koa.js';
import Koa2 from 'koa2';
import Koa3 from 'koa3';
import { expect, test } from 'tstyche';

test('the middleware fits applications of Koa 2 and 3, whatever their state and context are', () => {
  expect(new Koa3().use).type.toBeCallableWith(bootstrapGate());
  expect(new Koa2().use).type.toBeCallableWith(bootstrapGate());
  expect(new Koa3<{ user: string }, { db: number }>().use).type.toBeCallableWith(bootstrapGate());
});

test("the bootstrap's value flows into handler and gate", () => {
  const gated = bootstrapGate({
    bootstrap: async () => ({ db: 'url' }),
    handler: (value) => {
      expect(value).type.toBe<{ db: string }>();
      return (ctx) => void (ctx.body = value.db);
    },
  });
  expect(gated).type.toBe<GatedMiddleware<{ db: string }>>();
  expect(gated.gate).type.toBe<Gate<{ db: string }>>();
});

test('wrong options do not compile', () => {
  expect(bootstrapGate).type.not.toBeCallableWith({ waitTimeout: 1 });
  expect(bootstrapGate).type.not.toBeCallableWith({ bootstrap: () => 1, handler: () => 'not middleware' });
  expect(bootstrapGate).type.not.toBeCallableWith({ gate: createGate({ bootstrap: () => 1 }), eager: true });
});
