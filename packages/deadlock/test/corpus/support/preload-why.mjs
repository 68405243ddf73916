// `--import @bootstrap-gate/deadlock/why`, from the sources.
import { createRequire } from 'node:module';
import '../../hangs/support/from-sources.mjs';

createRequire(import.meta.url)('../../../src/why.ts');

// From here SIGUSR2 does not end the process any more.
process.stderr.write('why is loaded\n');
