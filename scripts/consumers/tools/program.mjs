// What every bundler bundles: one half of the application is an ES module, the other CommonJS, and both use the gate.
import express from 'express';
import { isGateError } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/express';
import { deniedBy, makeGate } from './other-half.cjs';
import { answerThrough } from './server.mjs';

async function main() {
  await answerThrough(express, bootstrapGate);
  // A gate that the other half has made, at the door of this one.
  await answerThrough(express, bootstrapGate, (bootstrap) => ({ gate: makeGate(bootstrap) }));
  if (!isGateError(await deniedBy(makeGate(() => {})))) throw new Error("the other half's errors are not known");
  console.log('ok');
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
