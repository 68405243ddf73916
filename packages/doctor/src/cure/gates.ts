/** What an application imports to get the gate. */
export const GATES = {
  express: 'bootstrap-gate/express',
  koa: 'bootstrap-gate/koa',
  node: 'bootstrap-gate/node',
} as const;
