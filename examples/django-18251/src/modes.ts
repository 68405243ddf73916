/** The four ways to run the site. Each tells what happened, and returns whether that is what its name says. */
import { isDeadlockError, traceMutex } from '@bootstrap-gate/deadlock';
import { bootstrapGate } from 'bootstrap-gate/express';
import { Mutex } from 'async-mutex';
import type { RequestHandler } from 'express';
import { Meeting } from './meeting.js';
import { type Answer, answersTo, DEADLINE_MS, serve } from './serve.js';
import { createSite, type Locks, type SiteOptions } from './site.js';

export const plainLocks = (): Locks => ({ imports: new Mutex(), apps: new Mutex() });

export const tracedLocks = (): Locks => ({
  imports: traceMutex(new Mutex(), 'imports'),
  apps: traceMutex(new Mutex(), 'apps'),
});

/** Two first requests, and plain locks. */
export async function naive(locks = plainLocks()): Promise<boolean> {
  const answers = await crosswise({ locks });
  const isStuck = locks.imports.isLocked() && locks.apps.isLocked();
  console.log(`After ${DEADLINE_MS} ms: ${inWords(answers)}.`);
  console.log(isStuck ? 'Both locks are still held, and nothing was logged.' : 'The locks are not both held.');
  return isStuck && answers.every((answer) => answer === 'no answer');
}

/** The same two requests, and traced locks. */
export async function traced(locks = tracedLocks()): Promise<boolean> {
  const errors: unknown[] = [];
  const onError = (path: string, error: Error): void => {
    errors.push(error);
    console.error(`GET ${path} failed. ${error.name}: ${error.message}\n`);
  };
  const answers = await crosswise({ locks, onError });
  console.log(`Within ${DEADLINE_MS} ms: ${inWords(answers)}.`);
  return errors.length === 1 && isDeadlockError(errors[0]) && answers.join() === '200,500';
}

/** One request after another, and traced locks. */
export async function order(locks = tracedLocks()): Promise<boolean> {
  let warnings = 0;
  process.on('warning', (warning) => {
    if ('code' in warning && warning.code === 'GATE_LOCK_ORDER') warnings++;
  });
  const { get, close } = await serve(createSite({ locks }));
  const answers = [await get('/admin'), await get('/page')];
  await close();
  console.log(`GET /admin: ${answers[0]}, and then GET /page: ${answers[1]}. Warnings: ${warnings}.`);
  return warnings === 1 && answers.join() === '200,200';
}

/** Ten first requests, plain locks, and a gate in front. */
export async function gated(gate: RequestHandler = bootstrapGate()): Promise<boolean> {
  const meeting = new Meeting();
  const arrived = new Meeting();
  let inside = 0;
  const { get, close } = await serve(
    (_req, _res, next) => {
      void arrived.join();
      next();
    },
    gate, // in an application of your own: app.use(bootstrapGate()), the whole of the cure
    (_req, _res, next) => {
      inside++;
      next();
    },
    createSite({ locks: plainLocks(), meet: meeting.join }),
  );

  const requests = Array.from({ length: 10 }, (_, index) => get(index % 2 === 0 ? '/page' : '/admin'));
  await arrived.has(requests.length);
  const wasAlone = inside === 1;
  console.log(
    `${requests.length} requests have arrived. In the site: ${inside}, at the gate: ${requests.length - inside}.`,
  );
  meeting.end();
  const answers = await answersTo(requests);
  await close();
  console.log(`Answers: ${answers.join(' ')}`);
  return wasAlone && answers.every((answer) => answer === 200);
}

/** GET /page and GET /admin; each has its first lock before either asks for its second. */
async function crosswise(options: Omit<SiteOptions, 'meet'>): Promise<Answer[]> {
  const meeting = new Meeting();
  const { get, close } = await serve(createSite({ ...options, meet: meeting.join }));
  const page = get('/page');
  await meeting.has(1);
  const admin = get('/admin');
  await meeting.has(2);
  console.log('GET /page holds the import lock, GET /admin the application lock. Now each asks for the other one.\n');
  meeting.end();
  const answers = await answersTo([page, admin]);
  await close();
  return answers;
}

const inWords = ([page, admin]: readonly Answer[]): string => `GET /page: ${page}, GET /admin: ${admin}`;
