// Jest requires what it finds under `node` and `require`; the other half has its module from there, too.
const express = require('express');
const { GateError, gateNamed } = require('bootstrap-gate');
const { bootstrapGate } = require('bootstrap-gate/express');
const { deniedBy, makeGate } = require('./other-half.cjs');

test('holds, opens, and is one copy', async () => {
  const gate = makeGate(() => 'built');
  expect(await gate.ensureReady()).toBe('built');
  expect(gateNamed('other')).toBe(gate);
  express().use(bootstrapGate({ gate }));
  expect(await deniedBy(gate)).toBeInstanceOf(GateError);
});
