import { coreChecks } from './core-checks.js';
import { serverChecks } from './server-checks.js';

// On Node; `npm run runtimes` runs them on the others.
for (const { id, title, run } of [...coreChecks, ...serverChecks]) test(`${id}: ${title}`, run);
