import type { Gate } from '../../../src/index.js';
import { reportToTerminal, type TerminalOptions } from '../../../src/report/index.js';

const ends: (() => void)[] = [];

/** Reports until the end of the test: what listens to a channel of the process would hear the tests that follow. */
export function report(gate: Gate<unknown>, options: TerminalOptions): () => void {
  const end = reportToTerminal(gate, options);
  ends.push(end);
  return end;
}

afterEach(() => {
  for (const end of ends.splice(0)) end();
});
