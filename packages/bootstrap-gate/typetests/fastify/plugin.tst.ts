import { createGate, type Gate } from '../../src/index.js';
import { bootstrapGate, type GatedPlugin } from '../../src/doors/fastify.js';
import fastify from 'fastify';
import { expect, test } from 'tstyche';

test('the plugin fits applications of Fastify 5, over HTTP/2 too', () => {
  expect(fastify().register).type.toBeCallableWith(bootstrapGate());
  expect(fastify({ http2: true }).register).type.toBeCallableWith(bootstrapGate());
});

test("the bootstrap's value flows into the gate", () => {
  const gated = bootstrapGate({ bootstrap: async () => ({ db: 'url' }), exempt: [(req) => req.url === '/metrics'] });
  expect(gated).type.toBe<GatedPlugin<{ db: string }>>();
  expect(gated.gate).type.toBe<Gate<{ db: string }>>();
});

test('wrong options do not compile', () => {
  expect(bootstrapGate).type.not.toBeCallableWith({ waitTimeout: 1 });
  expect(bootstrapGate).type.not.toBeCallableWith({ bootstrap: () => 1, handler: () => () => {} });
  expect(bootstrapGate).type.not.toBeCallableWith({ gate: createGate({ bootstrap: () => 1 }), eager: true });
});
