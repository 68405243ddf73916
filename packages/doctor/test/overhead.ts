/** Measures what the preload costs: CPU until the port opens, with and without it, in turns. npm run overhead -- 20 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from './support/build.js';
import { root } from './support/root.js';

const rounds = Number(process.argv[2] ?? 15);
const built = build();
const folder = mkdtempSync(path.join(tmpdir(), 'doctor-overhead-'));
const watched = {
  NODE_OPTIONS: `--require ${built.preloads.register}`,
  BOOTSTRAP_GATE_DOCTOR: JSON.stringify({ folder, examiner: process.pid, down: {} }),
};
const plain: number[] = [];
const observed: number[] = [];
for (let round = 0; round < rounds; round++) {
  plain.push(cpuMs({}));
  observed.push(cpuMs(watched));
}
built.remove();
rmSync(folder, { recursive: true, force: true });
// The least of each: what other processes add is only ever more.
const [without, with_] = [least(plain), least(observed)];
const share = ((with_ / without - 1) * 100).toFixed(1);
console.log(
  `Node ${process.version}: ${without.toFixed(0)} ms without, ${with_.toFixed(0)} ms with the preload: +${share} %`,
);

function cpuMs(env: Record<string, string>): number {
  const output = execFileSync(process.execPath, [path.join(root, 'test/apps/loads-much.cjs')], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  return Number(output.toString());
}

function least(values: readonly number[]): number {
  return Math.min(...values);
}
