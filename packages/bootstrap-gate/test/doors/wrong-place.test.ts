/** A gate in the wrong place says where it belongs. */
import express from 'express';
import Koa from 'koa';
import { bootstrapGate as expressGate } from '../../src/doors/express.js';
import { bootstrapGate as koaGate } from '../../src/doors/koa.js';
import { gateServer } from '../../src/doors/node/index.js';

test("Koa's gate in Express names the one for Express", () => {
  const gated = koaGate() as unknown as express.RequestHandler;
  expect(() => gated({} as express.Request, {} as express.Response, () => {})).toThrow(/bootstrap-gate\/express/);
});

test("Express's gate in Koa names the one for Koa", () => {
  const gated = expressGate() as unknown as (ctx: object, next: () => void) => unknown;
  expect(() => gated({}, () => {})).toThrow(/bootstrap-gate\/koa/);
});

test.each([
  ['Express', express()],
  ['Koa', new Koa()],
])('H13: gateServer refuses an application of %s', (_name, application) => {
  expect(() => gateServer(application as never)).toThrow(/must be a server; an application is not one/);
});

test('Errors: a pattern in exempt is refused, since paths are exact', () => {
  expect(() => expressGate({ exempt: ['/static/*'] })).toThrow(
    /without "\?", "#" and "\*" \(for a prefix give a function\)/,
  );
});
