/** The four ways to run the site. Each tells what happened, and whether that is what its name says. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type DeadlockError, isDeadlockError, traceMutex } from '@bootstrap-gate/deadlock';
import { bootstrapGate } from '@bootstrap-gate/express';
import { Mutex } from 'async-mutex';
import type { NextFunction, Request, Response } from 'express';
import { meetingOf } from './meeting.js';
import { serve } from './serve.js';
import { addSite, type Locks, newApp } from './site.js';

export type Mode = () => Promise<boolean>;

/** How long the hanging site is given before it counts as hanging. */
const DEADLINE_MS = 1_000;

const plainLocks = (): Locks => ({ imports: new Mutex(), apps: new Mutex() });

const tracedLocks = (): Locks => ({
  imports: traceMutex(new Mutex(), 'imports'),
  apps: traceMutex(new Mutex(), 'apps'),
});

/** Two first requests at once, plain locks. */
async function naive(): Promise<boolean> {
  const locks = plainLocks();
  const app = newApp();
  addSite(app, { locks, meet: meetingOf(2).meet });
  const site = await serve(app);
  const answers: number[] = [];
  const requests = ['/page', '/admin'].map((path) => site.get(path).then((status) => answers.push(status)));
  await Promise.race([Promise.all(requests), sleep(DEADLINE_MS)]);
  const isStuck = answers.length === 0 && locks.imports.isLocked() && locks.apps.isLocked();
  console.log(`GET /page and GET /admin at once. After ${DEADLINE_MS} ms: ${answers.length} of 2 answered,`);
  console.log(`both locks held: ${isStuck}. No error, no log, no processor time.`);
  const ends = Promise.allSettled(requests);
  await site.close();
  await ends;
  return isStuck;
}

/** The same two requests, the locks traced. */
async function traced(locks = tracedLocks()): Promise<boolean> {
  const app = newApp();
  addSite(app, { locks, meet: meetingOf(2).meet });
  const errors: DeadlockError[] = [];
  app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (!isDeadlockError(error)) return next(error);
    errors.push(error);
    res.status(500).send();
  });
  const site = await serve(app);
  const requests = Promise.all([site.get('/page'), site.get('/admin')]);
  const statuses = await Promise.race([requests, sleep(DEADLINE_MS, [], { ref: false })]);
  const ends = Promise.allSettled([requests]);
  await site.close();
  await ends;
  for (const { message } of errors) console.log(message);
  console.log(`\nGET /page and GET /admin at once: ${[...statuses].sort().join(' and ') || 'no answer'}`);
  return errors.length === 1 && [...statuses].sort().join() === '200,500';
}

/** One request after another to two fresh sites that share their locks. They never meet. */
async function order(): Promise<boolean> {
  const warnings: string[] = [];
  process.on('warning', (warning) => {
    if ('code' in warning && warning.code === 'GATE_LOCK_ORDER') warnings.push(warning.message);
  });
  const locks = tracedLocks();
  const statuses: number[] = [];
  for (const path of ['/page', '/admin']) {
    const app = newApp();
    addSite(app, { locks, meet: async () => {} });
    const site = await serve(app);
    statuses.push(await site.get(path));
    await site.close();
  }
  for (const message of warnings) console.log(message);
  console.log(`\nGET /page, and after it GET /admin: ${statuses.join(' and ')}. Nothing went wrong.`);
  return warnings.length === 1 && statuses.join() === '200,200';
}

/** The requests of `naive`, and eight more, with the gate in front. The locks are plain. */
async function gated(): Promise<boolean> {
  const app = newApp();
  const gate = bootstrapGate();
  app.use(gate); // the whole of the cure
  const meeting = meetingOf(2);
  addSite(app, { locks: plainLocks(), meet: meeting.meet });
  const site = await serve(app);
  const paths = Array.from({ length: 10 }, (_, number) => (number % 2 === 0 ? '/page' : '/admin'));
  const requests = Promise.all(paths.map((path) => site.get(path)));
  while (gate.gate.waiting < paths.length - 1) await sleep(1);
  console.log(`10 requests at once: one is in the site, ${gate.gate.waiting} wait at the gate.`);
  meeting.callOff(); // the one inside has waited for another side to come in; none can
  const statuses = await requests;
  await site.close();
  console.log(`Answers: ${statuses.join(' ')}`);
  return statuses.every((status) => status === 200);
}

export const modes: Readonly<Record<string, Mode>> = { naive, traced: () => traced(), order, gated };

/** What `traced` finds without tracing: nothing. For the test of this example. */
export const untraced: Mode = () => traced(plainLocks());
