import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGate } from '../../../src/index.js';
import { coreOf } from '../../../src/gate/registry.js';
import { bootstrapGate } from '../../../src/doors/node/index.js';

test('A2: an open gate without health paths costs one look at whether it is ready', async () => {
  const gate = createGate({ bootstrap: () => 'value' });
  await gate.ensureReady();
  const listener = jest.fn();
  const gated = bootstrapGate(listener, { gate });
  const ready = jest.fn(() => true);
  Object.defineProperty(coreOf('the test', gate), 'ready', { get: ready });
  const [req, res] = [{} as IncomingMessage, {} as ServerResponse & { req: IncomingMessage }]; // neither is looked at
  gated(req, res);
  expect(listener.mock.calls).toEqual([[req, res]]);
  expect(ready).toHaveBeenCalledTimes(1);
});
