import { createGate } from 'bootstrap-gate';
import { connect } from './database.js';

export const gate = createGate({
  name: 'cities',
  eager: true, // in the init phase, which Lambda gives more CPU
  bootstrap: (boot) => boot.step('database', connect),
});

/** What `Handler` in the function's configuration names. `timeoutMs` is below the function's own time limit. */
export const handler = gate.wrap(
  async (event: { readonly rawPath: string }) =>
    event.rawPath === '/cities'
      ? { statusCode: 200, body: JSON.stringify(await gate.value.cities()) }
      : { statusCode: 404, body: '' },
  { timeoutMs: 5_000 },
);
