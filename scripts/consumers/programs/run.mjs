// Runs every program of this folder, side by side, on the Node version that runs this one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';

const readme = readdirSync('readme').filter((file) => /^program-\d+\.js$/.test(file));
const programs = [['esm.mjs'], ['cjs.cjs'], ['one-copy.mjs'], ...readme.map((program) => ['serve.mjs', program])];

const passed = await Promise.all(programs.map(passes));
if (passed.includes(false)) process.exit(1);
console.log(`Node ${process.version}: ESM, CommonJS, both at once, and ${readme.length} programs of the README: ok`);

async function passes(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'], timeout: 60_000 });
  const [code] = await once(child, 'exit');
  if (code !== 0) console.error(`Node ${process.version}: ${args.join(' ')} fails`);
  return code === 0;
}
