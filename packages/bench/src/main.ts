/**
 * Measures every contender in a process of its own: in one process the shared call site goes megamorphic, and the later
 * ones are measured slower than they are.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { do_not_optimize, measure } from 'mitata';
import { contenders } from './contenders.js';

const [only] = process.argv.slice(2);

if (only === undefined) {
  console.log(`ns per call, Node ${process.version}\n  median     p99`);
  for (const name of Object.keys(contenders)) {
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name], { stdio: 'inherit' });
    if (status !== 0) process.exit(1);
  }
} else {
  const contender = contenders[only];
  if (contender === undefined)
    throw new Error(`no contender "${only}"; there are: ${Object.keys(contenders).join(', ')}`);
  const pass = await contender();
  const { p50, p99 } = await measure(
    pass.constructor.name === 'AsyncFunction'
      ? async () => do_not_optimize(await pass())
      : () => do_not_optimize(pass()),
  );
  console.log(`${p50.toFixed(2).padStart(8)} ${p99.toFixed(2).padStart(8)}  ${only}`);
}
