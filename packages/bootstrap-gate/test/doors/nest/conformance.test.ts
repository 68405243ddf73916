import { checksFor } from '@bootstrap-gate/conformance';
import { nestAdapter } from './mount.js';
import { nests } from './support.js';

describe.each(nests)('$name', (nest) => {
  const adapter = nestAdapter(nest);
  for (const { id, rule, title, run } of checksFor(adapter))
    test(`${id} ${rule}: ${title}`, () => run(adapter), 30_000);
});
