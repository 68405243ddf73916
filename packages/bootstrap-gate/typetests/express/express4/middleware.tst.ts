/** The types that an application of Express 4 sees: here, and in the adapter, `express` is the package of version 4. */
import { bootstrapGate } from '../../../src/doors/express.js';
import express, { type RequestHandler } from 'express';
import { expect, test } from 'tstyche';

test('the middleware fits applications and routers', () => {
  express().use(bootstrapGate());
  express.Router().use('/api', bootstrapGate({ bootstrap: () => 1 }));
  expect(bootstrapGate()).type.toBeAssignableTo<RequestHandler>();
});

test('a router is a handler', () => {
  const gated = bootstrapGate({ bootstrap: () => 7, handler: () => express.Router() });
  expect(gated.gate.value).type.toBe<number>();
});
