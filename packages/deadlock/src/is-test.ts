/** Whether a test runner has started this process: Jest, Vitest, node:test, or whoever sets `NODE_ENV` to `test`. */
export function isTest(): boolean {
  const { NODE_ENV, JEST_WORKER_ID, VITEST, NODE_TEST_CONTEXT } = process.env;
  return NODE_ENV === 'test' || [JEST_WORKER_ID, VITEST, NODE_TEST_CONTEXT].some((mark) => mark !== undefined);
}
