// The same where nothing but the door is imported.
import { bootstrapGate } from 'bootstrap-gate/express';

export const gated = bootstrapGate({ bootstrap: () => 5 });
export const gate = gated.gate;
export const report = gate.report();
export const verdicts = report.verdicts;
export const [verdict] = verdicts;
export const step = report.attempts[0]?.steps[0];
