/** Many requests at once while an application starts, before and after the change of a recipe. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { run, type Running } from './application.js';
import { publishedFlags } from './published.js';
import { type SlowService, slowService } from './slow-service.js';

export interface Recipe {
  /** The folder, below `examples/recipes`. */
  readonly folder: string;
  /** What the application gets from the service that it waits for. */
  readonly settings: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What the program writes for each request that it leaves without an answer before the change. */
  readonly complaint?: string;
  /** Asks the application one thing, and gives the status and, where it was answered rightly, what matters of the body. */
  readonly ask: (url: string) => Promise<string>;
}

/** How many ask at once. */
export const HERD = 20;

let out: string;
let flags: string[];

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'bootstrap-gate-recipes-'));
  flags = await publishedFlags(out);
});

afterAll(() => rmSync(out, { recursive: true, force: true }));

/**
 * Starts one of the two programs, and asks it while what it waits for is not there.
 *
 * @returns the different answers, with how many got each
 */
export async function answersOf(program: 'before' | 'after', recipe: Recipe): Promise<Record<string, number>> {
  const service = await slowService(recipe.settings);
  const file = join(__dirname, '../..', recipe.folder, `${program}.mjs`);
  const application = await run(file, flags, { ...recipe.env, SLOW_URL: service.url });
  const answers =
    program === 'before' ? withoutGate(recipe, application, service) : withGate(recipe, application, service);
  try {
    return count(await Promise.race([answers, application.died]));
  } finally {
    await application.stop();
    await service.close();
  }
}

/** It starts by itself, and the wrong answers come while it does. */
async function withoutGate(recipe: Recipe, { url, wrote }: Running, service: SlowService): Promise<string[]> {
  await service.asked;
  const herd = herdOf(recipe, url);
  await (recipe.complaint ? wrote(recipe.complaint, HERD) : Promise.all(herd));
  service.answer();
  await anyAnswer(recipe, url); // what is not answered by now never will be
  return await Promise.all(herd.map((answer) => Promise.race([answer, never])));
}

/** The first request starts it, and none is answered before it has. */
async function withGate(recipe: Recipe, { url }: Running, service: SlowService): Promise<string[]> {
  const herd = herdOf(recipe, url);
  await service.asked;
  service.answer();
  return await Promise.all(herd);
}

/** Asks again and again: also these requests may stay without an answer. */
async function anyAnswer(recipe: Recipe, url: string): Promise<void> {
  let isAnswered = false;
  while (!isAnswered) {
    recipe.ask(url).then(
      () => (isAnswered = true),
      () => {}, // the program is stopped
    );
    await setTimeout(100);
  }
}

const herdOf = (recipe: Recipe, url: string): Promise<string>[] =>
  Array.from({ length: HERD }, () => recipe.ask(url).catch((error: Error) => `no answer: ${error.message}`));

const never = Promise.resolve('never answered');

function count(answers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}
