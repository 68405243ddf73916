/** The folder of the package, from wherever the tests or the corpus are run. */
import { existsSync } from 'node:fs';
import path from 'node:path';

export const root = path.join(workspace(process.cwd()), 'packages/doctor');

function workspace(folder: string): string {
  return existsSync(path.join(folder, 'pnpm-workspace.yaml')) ? folder : workspace(path.dirname(folder));
}
