import { checksFor } from '@bootstrap-gate/conformance';
import Koa2 from 'koa2';
import Koa3 from 'koa3';
import { koaAdapter } from './mount.js';

describe.each([
  ['Koa 2', Koa2],
  ['Koa 3', Koa3],
])('%s', (_name, KoaVersion) => {
  const adapter = koaAdapter(KoaVersion);
  for (const { id, rule, title, run } of checksFor(adapter))
    test(`${id} ${rule}: ${title}`, () => run(adapter), 30_000);
});
