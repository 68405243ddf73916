/** Examines applications from npm: npm run corpus:real -- --repeat 10 --only json-server --verbose */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
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
const runtimes = await installedRuntimes();

async function main(): Promise<void> {
  // npm writes it last.
  if (!existsSync(path.join(folder, 'node_modules/.package-lock.json'))) {
    // As the lock file says, and nothing of theirs needs building.
    const install = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
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
  const known: Record<string, string> = {
    ...ports,
    $APPS: apps,
    $REAL: folder,
    $BUN: runtimes.bun,
    $DENO: runtimes.deno,
  };
  const fill = (text: string) => text.replace(/\$[A-Z]+2?\b/g, (name) => known[name] ?? name);
  prepare(one, cwd, fill);
  const [program = '', ...rest] = one.command.map(fill);
  const isCommand = program !== 'node' && !path.isAbsolute(program);
  const command = isCommand ? ['node', path.join(apps, '.bin', program), ...rest] : [program, ...rest];
  const env = Object.fromEntries(Object.entries(one.env ?? {}).map(([name, value]) => [name, fill(value)]));
  const begun = Date.now();
  const outcome = await doctor(built, { command, args: (one.args ?? []).map(fill), env, cwd });
  rmSync(cwd, { recursive: true, force: true });
  const isRight = outcome.codes.join() === one.finds.join() && outcome.code === (one.finds.length > 0 ? 1 : 0);
  const took = ((Date.now() - begun) / 1_000).toFixed(1);
  console.log(`${isRight ? '✓' : '✗'} ${one.name.padEnd(22)} ${took} s  ${outcome.codes.join()}`);
  if (!isRight || values.verbose) console.log(outcome.stdout + outcome.stderr);
  return isRight;
}

/** Bun and Deno as the checks of the gate use them. */
async function installedRuntimes(): Promise<Record<'bun' | 'deno', string>> {
  const { href } = pathToFileURL(path.join(root, '../../scripts/runtimes/install.mjs'));
  const { installRuntimes } = (await import(href)) as { installRuntimes(): Record<'bun' | 'deno', string> };
  return installRuntimes();
}

void main();
