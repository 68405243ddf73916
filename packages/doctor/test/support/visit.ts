/** One case of the catalogue, examined and compared with what it must give. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Edit } from '../../src/finding.js';
import type { Case } from '../corpus/catalogue.js';
import type { Built } from './build.js';
import { doctor, type Outcome } from './doctor.js';
import type { Services } from './services.js';

export interface Visited {
  readonly outcome: Outcome;
  /** With the proposed edits applied, where the case says that they cure it. */
  readonly cured: Outcome | undefined;
}

export async function visit(built: Built, services: Services, one: Case): Promise<Visited> {
  const outcome = await run(built.apps);
  if (!one.cured) return { outcome, cured: undefined };
  const copy = `${built.apps}-${one.name}`;
  cpSync(built.apps, copy, { recursive: true });
  applyEdits(outcome.examination.cure?.edits ?? [], copy);
  return { outcome, cured: await run(copy) };

  async function run(cwd: string): Promise<Outcome> {
    const env = await services.envFor(one);
    const args = (one.args ?? []).map((arg) => arg.replace(/\$(\w+)/, (_, name: string) => env[name] ?? ''));
    return doctor(built, { command: one.command, args, env, cwd });
  }
}

/** Like `finds`, with the lines that are missing; undefined when all is as it must be. */
export function difference(one: Case, { outcome, cured }: Visited): string | undefined {
  const expected = [...one.finds, ...(one.warns ?? [])].sort().join();
  const found = [...outcome.codes].sort().join();
  if (found !== expected) return `found ${found || 'nothing'}, expected ${expected || 'nothing'}\n${texts(outcome)}`;
  if (outcome.code !== one.exit) return `exit code ${outcome.code}, expected ${one.exit}\n${texts(outcome)}`;
  const lines = outcome.examination.findings.flatMap(({ places }) => places.map(({ file, line }) => `${file}:${line}`));
  const missing = (one.places ?? []).filter((place) => !lines.some((line) => line.endsWith(place)));
  if (missing.length > 0) return `no line ${missing.join(', ')} among ${lines.join(', ')}\n${outcome.stdout}`;
  const accused = lines.filter((line) => (one.silent ?? []).some((file) => line.includes(file)));
  if (accused.length > 0) return `accuses ${accused.join(', ')}\n${outcome.stdout}`;
  if (cured && (cured.codes.length > 0 || cured.code !== 0)) return `not cured: ${cured.codes.join()}\n${texts(cured)}`;
  return undefined;
}

function applyEdits(edits: readonly Edit[], folder: string): void {
  for (const { file, line, remove, add = [] } of [...edits].sort((a, b) => b.line - a.line)) {
    const copy = path.join(folder, path.basename(file));
    const lines = readFileSync(copy, 'utf8').split('\n');
    if (remove !== undefined && lines[line - 1] !== remove) throw new Error(`${copy}:${line} is not ${remove}`);
    lines.splice(line - 1, remove === undefined ? 0 : 1, ...add);
    writeFileSync(copy, lines.join('\n'));
  }
}

function texts({ stdout, stderr }: Outcome): string {
  return `${stdout}${stderr}`;
}
