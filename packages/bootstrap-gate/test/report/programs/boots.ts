/** Boots twice, and says on its standard output that it could. */
import { createGate } from '../../../src/index.js';
import { reportToTerminal } from '../../../src/report/index.js';

async function main(): Promise<void> {
  const takes = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const gate = createGate({ name: 'shop', bootstrap: (boot) => boot.step('db', () => takes(50)) });
  reportToTerminal(gate);
  await gate.ensureReady();
  await gate.reset();
  await gate.ensureReady();
  console.log('served');
  await gate.close();
}

void main();
