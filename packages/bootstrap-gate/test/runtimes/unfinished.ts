/** D8: nothing is left to do, and the bootstrap is still pending. `kept` keeps its promise from being collected. */
import { createGate } from '../../src/index.js';

const kept = new Promise<void>(() => {});
Reflect.set(globalThis, 'kept', kept);
const gate = createGate({ bootstrap: (boot) => boot.step('never', () => kept) });
void gate.ensureReady();
