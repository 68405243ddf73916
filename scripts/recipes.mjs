// The recipes whose applications are too large for the workspace (600 MB): installs them in their own folders on first use,
// builds what has to be built, and runs their tests. `npm run recipes`
import { existsSync } from 'node:fs';
import { root, run } from './workspace.mjs';

const recipes = ['next', 'parse-server'];
const env = { RECIPES: 'installed', NEXT_TELEMETRY_DISABLED: '1' };

for (const name of recipes) {
  const cwd = `${root}/examples/recipes/${name}`;
  if (existsSync(`${cwd}/node_modules/.package-lock.json`)) continue; // npm writes it last
  console.log(`Installing the recipe ${name} …`);
  const options = ['--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
  if (!run('npm', ['install', ...options], { cwd })) process.exit(1);
}
if (!run('node', ['node_modules/next/dist/bin/next', 'build'], { cwd: `${root}/examples/recipes/next`, env })) {
  process.exit(1);
}
const tests = recipes.map((name) => `examples/recipes/test/${name}.test.ts`);
process.exit(run('node', ['--expose-gc', 'node_modules/jest/bin/jest.js', ...tests], { env }) ? 0 : 1);
