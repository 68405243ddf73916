// Everything that CI checks on this Node version, in its order; stops at the first failure.
import { run } from './workspace.mjs';

const steps = [
  ['build', 'build', ['--clean']],
  ['types', 'types'],
  ['lint', 'lint'],
  ['format', 'format:check'],
  ['architecture', 'arch'],
  ['unused code', 'unused'],
  ['packages', 'packages'],
  ['what a release would publish', 'publish:check'],
  ['size', 'size'],
  ['public API', 'api'],
  ['tests', 'test'],
  ['mutants of what changed', 'mutate', ['--changed']],
  ['soak', 'soak', ['--seconds', '20', '--seed', '1']],
  ['demo', 'demo', ['--quick']],
];

for (const [title, script, args = []] of steps) {
  const begun = Date.now();
  console.log(`\n=== ${title}`);
  const passed = run('npm', ['run', '--silent', script, '--', ...args]);
  console.log(`=== ${title}: ${passed ? 'ok' : 'FAILED'} in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  if (!passed) process.exit(1);
}
