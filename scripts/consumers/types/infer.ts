// Types that are only inferred must have a name that this project can reach, also under pnpm (else TS2742).
import { createGate, plan } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/express';
import { gateServer } from 'bootstrap-gate/node';
import { createServer } from 'node:http';

export const gated = bootstrapGate({ bootstrap: async (boot) => boot.step('database', () => 5, { timeoutMs: 9 }) });
export const gate = gated.gate;
export const report = gate.report();
export const steps = report.attempts.flatMap((attempt) => attempt.steps);
export const verdicts = report.verdicts;
export const other = createGate();
export const shop = plan().step('config', () => 1);
export const server = gateServer(createServer(), { gate: other });
