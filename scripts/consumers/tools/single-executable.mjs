// Makes one executable of Node and the program, and runs it.
import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';

const run = (program, ...args) => execFileSync(program, args, { stdio: 'inherit' });

run('npx', 'esbuild', 'program.mjs', '--bundle', '--platform=node', '--outfile=main.cjs', '--log-level=warning');
writeFileSync(
  'sea.json',
  JSON.stringify({ main: 'main.cjs', output: 'sea.blob', disableExperimentalSEAWarning: true }),
);
run(process.execPath, '--experimental-sea-config', 'sea.json');
copyFileSync(process.execPath, 'program');
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
run('npx', 'postject', 'program', 'NODE_SEA_BLOB', 'sea.blob', '--sentinel-fuse', fuse);
run('./program');
