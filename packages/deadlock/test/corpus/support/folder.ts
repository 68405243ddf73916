import { join } from 'node:path';

/** The folder of the corpus. Tests are CommonJS and the runner is a module; both are started in the repository's root. */
export const folder = join(process.cwd(), 'packages/deadlock/test/corpus');
