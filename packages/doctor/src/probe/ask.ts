/** The requests of an examination: alone, in a burst, and as a herd that comes as soon as the port is open. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Door } from '../start/door.js';
import { isOk, TIMEOUT, type Answer } from './answer.js';
import { get } from './get.js';
import type { Limit } from '../limit.js';

/** How long one request may take before it counts as unanswered. */
const ANSWER_MS = 5_000;
const HEALTH_MS = 1_500;
const BURST = 8;
const MOST_AT_ONCE = 32;
const FIRST_GAP_MS = 25;
const WIDEST_GAP_MS = 200;

/** How long a start may take: a request that comes early may be held for as long and still be right. */
interface Patience {
  readonly limit: Limit;
  readonly limitMs: number;
}

/** Where applications commonly say how they are. */
export const HEALTH_PATHS = [
  '/health',
  '/healthz',
  '/ready',
  '/readyz',
  '/readiness',
  '/live',
  '/livez',
  '/startup',
  '/startupz',
  '/health/ready',
  '/health/live',
  '/api/health',
  '/_health',
  '/status',
  '/ping',
];

/** The first request, which may find the start still under way and be held until it is over. */
export function askFirst(door: Door, path: string, { limit, limitMs }: Patience): Promise<Answer> {
  return get(door, path, limit(Math.max(ANSWER_MS, limitMs)));
}

/** One after another, so that each is alone; gives up when two remain unanswered. */
export async function askAlone(door: Door, paths: readonly string[], limit: Limit): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const path of paths) {
    answers.push(await get(door, path, limit(ANSWER_MS)));
    if (answers.filter(({ status }) => status === TIMEOUT).length > 1) break;
  }
  return answers;
}

/** How many clients at once each path gets in a burst. */
function burstSize(paths: number): number {
  return Math.max(2, Math.min(BURST, Math.floor(MOST_AT_ONCE / Math.max(1, paths))));
}

export function burst(
  door: Door,
  paths: readonly string[],
  limit: Limit,
  answerMs: number = ANSWER_MS,
): Promise<Answer>[] {
  const each = burstSize(paths.length);
  return paths.flatMap((path) => Array.from({ length: each }, () => get(door, path, limit(answerMs))));
}

/** The paths that answer 2xx where a made-up neighbour does not: a single-page application answers everything. */
export async function healthPaths(door: Door, candidates: readonly string[], limit: Limit): Promise<string[]> {
  const found = await Promise.all(
    candidates.map(async (path) => {
      const [answer, neighbour] = await Promise.all([
        get(door, path, limit(HEALTH_MS)),
        get(door, `${path}-no-such-path`, limit(HEALTH_MS)),
      ]);
      return isOk(answer) && !isOk(neighbour) ? path : undefined;
    }),
  );
  return found.filter((path) => path !== undefined);
}

export interface Herd {
  readonly answers: readonly Answer[];
  /** Stops sending; resolves when all are answered or given up. */
  stop(): Promise<void>;
}

/** Sends a burst at once, then a request per path again and again, at growing gaps. */
export function sendHerd(door: Door, paths: readonly string[], { limit, limitMs }: Patience): Herd {
  const answers: Answer[] = [];
  const answerMs = Math.max(ANSWER_MS, limitMs);
  const sent: Promise<unknown>[] = burst(door, paths, limit, answerMs).map(keep);
  const stopped = new AbortController();
  const sending = send();

  async function send(): Promise<void> {
    for (let gap = FIRST_GAP_MS; !stopped.signal.aborted; gap = Math.min(WIDEST_GAP_MS, gap * 1.08)) {
      await delay(gap);
      if (!stopped.signal.aborted) sent.push(...paths.map((path) => keep(get(door, path, limit(answerMs)))));
    }
  }

  async function keep(answer: Promise<Answer>): Promise<void> {
    answers.push(await answer);
  }

  return {
    answers,
    async stop() {
      stopped.abort();
      await sending;
      await Promise.all(sent);
    },
  };
}

/** Answers of an application whose start is over, spread over a second so that slow changes show. */
export async function askLate(door: Door, paths: readonly string[], rounds: number, limit: Limit): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let round = 0; round < rounds; round++) {
    answers.push(...(await Promise.all(paths.map((path) => get(door, path, limit(ANSWER_MS))))));
    if (answers.every(({ status }) => status === TIMEOUT)) break;
    await delay(120);
  }
  return answers;
}
