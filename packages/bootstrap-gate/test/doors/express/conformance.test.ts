import { checksFor } from '@bootstrap-gate/conformance';
import { expressAdapter } from './mount.js';
import { versions } from './support.js';

describe.each(versions)('$name', ({ express }) => {
  const adapter = expressAdapter(express);
  for (const { id, rule, title, run } of checksFor(adapter))
    test(`${id} ${rule}: ${title}`, () => run(adapter), 30_000);
});
