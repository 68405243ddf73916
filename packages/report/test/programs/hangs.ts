/** A bootstrap that nothing can finish: only what reports it could keep this process alive. */
import { createGate } from '@bootstrap-gate/core';
import { recordHerd, reportToTerminal } from '@bootstrap-gate/report';

const gate = createGate({ name: 'shop', bootstrap: (boot) => boot.step('hangs', () => new Promise(() => {})) });
reportToTerminal(gate);
recordHerd(gate);
gate.ensureReady().catch(() => {});
