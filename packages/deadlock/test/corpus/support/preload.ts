/** What is preloaded into the programs of the corpus: `why`, and the package for those who require it. */
import Module from 'node:module';
import '../../../src/why.js';

export * from '../../../src/index.js';

interface Resolver {
  _resolveFilename(request: string, ...rest: unknown[]): string;
}
const resolver = Module as unknown as Resolver;
const resolve = resolver._resolveFilename;
resolver._resolveFilename = function (request, ...rest) {
  return request === '@bootstrap-gate/deadlock' ? __filename : resolve.call(this, request, ...rest);
};

// From here SIGUSR2 does not end the process any more.
process.stderr.write('why is loaded\n');
