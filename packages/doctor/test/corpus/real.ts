/** Examines applications from npm: npm run corpus:real -- --repeat 10 --only json-server --verbose */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../support/build.js';
import { doctor } from '../support/doctor.js';
import { root } from '../support/root.js';
import { freePort } from '../support/services.js';
import { prepare, REAL, type RealCase } from './real-catalogue.js';

const { values } = parseArgs({
  options: {
    repeat: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '2' },
    only: { type: 'string', multiple: true },
    verbose: { type: 'boolean' },
  },
});
const folder = path.join(root, 'test/corpus/real');
const built = build();

async function main(): Promise<void> {
  if (!existsSync(path.join(folder, 'node_modules'))) {
    // Nothing of theirs needs building.
    const install = ['install', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync('npm', install, { cwd: folder, stdio: 'inherit' });
  }
  const cases = REAL.filter(({ name }) => values.only?.includes(name) ?? true);
  const runs = Array.from({ length: Number(values.repeat) }, () => cases).flat();
  let right = 0;
  const total = runs.length;
  await Promise.all(Array.from({ length: Number(values['at-once']) }, work));
  built.remove();
  console.log(`Node ${process.version}: ${right} of ${total} examinations of ${cases.length} applications as expected`);
  process.exitCode = right === total ? 0 : 1;

  async function work(): Promise<void> {
    for (let one = runs.shift(); one !== undefined; one = runs.shift()) if (await asExpected(one)) right += 1;
  }
}

async function asExpected(one: RealCase): Promise<boolean> {
  const cwd = mkdtempSync(path.join(tmpdir(), 'doctor-real-'));
  const ports = { $PORT: String(await freePort()), $PORT2: String(await freePort()) };
  const apps = path.join(folder, 'node_modules');
  const fill = (text: string) =>
    text.replace('$APPS', apps).replace(/\$PORT2?\b/g, (name) => ports[name as keyof typeof ports]);
  prepare(one, cwd, fill);
  const [program = '', ...rest] = one.command.map(fill);
  const command = program === 'node' ? [program, ...rest] : ['node', path.join(apps, '.bin', program), ...rest];
  const env = Object.fromEntries(Object.entries(one.env ?? {}).map(([name, value]) => [name, fill(value)]));
  const begun = Date.now();
  const outcome = await doctor(built, { command, args: one.args ?? [], env, cwd });
  rmSync(cwd, { recursive: true, force: true });
  const isRight = outcome.codes.join() === one.finds.join() && outcome.code === (one.finds.length > 0 ? 1 : 0);
  const took = ((Date.now() - begun) / 1_000).toFixed(1);
  console.log(`${isRight ? '✓' : '✗'} ${one.name.padEnd(22)} ${took} s  ${outcome.codes.join()}`);
  if (!isRight || values.verbose) console.log(outcome.stdout + outcome.stderr);
  return isRight;
}

void main();
