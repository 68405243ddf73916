import { checksFor } from '@bootstrap-gate/conformance';
import express4 from 'express4';
import express5 from 'express5';
import { expressAdapter } from './mount.js';

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('%s', (_name, express) => {
  const adapter = expressAdapter(express);
  for (const { id, rule, title, run } of checksFor(adapter))
    test(`${id} ${rule}: ${title}`, () => run(adapter), 30_000);
});
