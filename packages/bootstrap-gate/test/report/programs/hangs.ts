/** A bootstrap that nothing can finish: only what reports it could keep this process alive. */
import { createGate } from '../../../src/index.js';
import { recordHerd, reportToTerminal } from '../../../src/report/index.js';

/** Kept: a promise that nobody has would be proven hopeless, and its flight would end. */
export const never = new Promise(() => {});

const gate = createGate({ name: 'shop', bootstrap: (boot) => boot.step('hangs', () => never) });
reportToTerminal(gate);
recordHerd(gate);
gate.ensureReady().catch(() => {});
