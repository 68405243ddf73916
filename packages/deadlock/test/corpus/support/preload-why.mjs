// `--import @bootstrap-gate/deadlock/why`, from the sources.
import { createRequire } from 'node:module';
import '../../hangs/support/from-sources.mjs';

createRequire(import.meta.url)('../../../src/why.ts');
