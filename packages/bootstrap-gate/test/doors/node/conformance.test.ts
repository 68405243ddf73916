import { checksFor } from '@bootstrap-gate/conformance';
import { http1Adapter, http2Adapter } from './mount.js';

describe.each([
  ['node:http', http1Adapter()],
  ['node:http2, compatibility API', http2Adapter()],
])('%s', (_name, adapter) => {
  for (const { id, rule, title, run } of checksFor(adapter))
    test(`${id} ${rule}: ${title}`, () => run(adapter), 30_000);
});
