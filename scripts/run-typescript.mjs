// Runs a TypeScript program from the sources: node -C @bootstrap-gate/source run-typescript.mjs FILE ARGUMENTS
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { transformFileSync } from '@swc/core';

Module._extensions['.ts'] = (module, file) => {
  const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } };
  module._compile(transformFileSync(file, options).code, file);
};

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, parent, ...rest) {
  const isOurs = /^\.{1,2}\//.test(request) && parent?.filename?.endsWith('.ts');
  return resolve.call(this, isOurs ? request.replace(/\.js$/, '.ts') : request, parent, ...rest);
};

process.argv.splice(1, 1);
createRequire(import.meta.url)(path.resolve(process.argv[1]));
