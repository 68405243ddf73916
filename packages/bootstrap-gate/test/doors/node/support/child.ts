import { execFile } from 'node:child_process';

/** Runs a program in a process of its own, and gives the JSON that it prints. */
export function runProgram<T>(program: string, ...args: string[]): Promise<T> {
  const flags = ['-C', '@bootstrap-gate/source', require.resolve('../../../../../../scripts/run-typescript.mjs')];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...flags, program, ...args], (error, output, errors) => {
      if (error) reject(new Error(`${error.message}\n${errors}`));
      else resolve(JSON.parse(output) as T);
    });
  });
}
