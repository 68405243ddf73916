/** What stands between a request and the application once it is ready: the gate, and what people write by hand. */
import { createGate } from '@bootstrap-gate/core';

export type Contender = () => Promise<() => unknown>;

/** Each gives the function that runs on every call when everything is ready. */
export const contenders: Record<string, Contender> = {
  'nothing at all': async () => () => true,
  'a boolean flag': async () => {
    const state = { ready: true };
    return () => state.ready || Promise.resolve();
  },
  'gate.ready': async () => {
    const gate = createGate({ bootstrap: () => 1 });
    await gate.ensureReady();
    return () => gate.ready || gate.ensureReady();
  },
  'await a shared promise': async () => {
    const started = Promise.resolve(1);
    return async () => {
      await started;
    };
  },
  'await gate.ensureReady()': async () => {
    const gate = createGate({ bootstrap: () => 1 });
    return async () => {
      await gate.ensureReady();
    };
  },
};
