import { checksFor } from '@bootstrap-gate/conformance';
import { koaAdapter } from './mount.js';
import { versions } from './support.js';

describe.each(versions)('$name', ({ Koa }) => {
  const adapter = koaAdapter(Koa);
  for (const { id, rule, title, run } of checksFor(adapter))
    test(`${id} ${rule}: ${title}`, () => run(adapter), 30_000);
});
