// Runs a TypeScript program from the sources: node -C @bootstrap-gate/source run-typescript.mjs FILE ARGUMENTS
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import 'tsx';

process.argv.splice(1, 1);
// Not awaited: a program that can never finish must end as it would without this file.
void import(pathToFileURL(path.resolve(process.argv[1])).href);
