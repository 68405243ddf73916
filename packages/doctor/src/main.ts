/** The command from its arguments to its exit code. */
import { readFileSync, writeFileSync } from 'node:fs';
import { readCommandLine, UsageError } from './command-line.js';
import { examine } from './examine.js';
import type { Examination } from './finding.js';
import { judge } from './judge/judge.js';
import type { Output, Plan } from './plan.js';
import { toHtml } from './render/html.js';
import { toJson } from './render/json.js';
import { Refusal } from './refusal.js';
import { progressTo } from './render/progress.js';
import { toTerminal } from './render/terminal.js';
import { callGuardian } from './start/guardian.js';
import { now, type Preloads } from './start/start.js';
import { USAGE } from './usage.js';

/** The package's other programs, and its manifest. */
export interface Files {
  readonly preloads: Preloads;
  readonly guard: string;
  readonly manifest: string;
}

export async function main(argv: readonly string[], files: Files): Promise<number> {
  try {
    const request = readCommandLine(argv);
    if (request.kind !== 'examine') return print(request.kind === 'help' ? USAGE : versionOf(files.manifest));
    if (process.env['NODE_ENV'] === 'production' && !request.plan.allowProduction) {
      throw new UsageError(
        'NODE_ENV is production, and each start repeats its side effects. --yes examines it all the same',
      );
    }
    return report(await run(request.plan, files), request.output);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof Refusal)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error instanceof Refusal ? error.code : 2;
  }
}

async function run(plan: Plan, files: Files): Promise<Examination> {
  const guardian = callGuardian(files.guard);
  const progress = progressTo(process.stderr);
  const begun = now();
  try {
    const launch = { command: plan.command, preloads: plan.preload ? files.preloads : undefined, guardian };
    return judge(await examine(plan, launch, progress.say), plan, now() - begun);
  } finally {
    progress.clear();
    await guardian.dismiss();
  }
}

function report(examination: Examination, { json, html, strict }: Output): number {
  if (json === '-') process.stdout.write(toJson(examination));
  else process.stdout.write(toTerminal(examination, { color: hasColor() }));
  if (json !== undefined && json !== '-') writeFileSync(json, toJson(examination));
  if (html !== undefined) writeFileSync(html, toHtml(examination));
  const counted = examination.findings.filter(({ level }) => strict || level === 'error');
  if (counted.length > 0) return 1;
  return examination.examined ? 0 : 3;
}

function hasColor(): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR) return false;
  return FORCE_COLOR !== undefined ? FORCE_COLOR !== '0' : process.stdout.isTTY === true;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function versionOf(manifest: string): string {
  return `${(JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version}\n`;
}
