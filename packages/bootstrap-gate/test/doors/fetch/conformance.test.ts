import { checksFor } from '@bootstrap-gate/conformance';
import { fetchAdapter } from './mount.js';

const adapter = fetchAdapter();
for (const { id, rule, title, run } of checksFor(adapter)) test(`${id} ${rule}: ${title}`, () => run(adapter), 30_000);
