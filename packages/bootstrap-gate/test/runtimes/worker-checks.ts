/** What the doors for fetch and Hono do in a worker, where each request has a context of its own. Requests come by a service binding. */
import assert from 'node:assert/strict';
import { Hono } from 'hono';
import { createGate, type Gate } from '../../src/index.js';
import { bootstrapGate as gateFetch } from '../../src/doors/fetch.js';
import { bootstrapGate as gateHono } from '../../src/doors/hono.js';
import { deferred, type Deferred, turns } from './support.js';

export interface Service {
  fetch(request: Request | string, init?: RequestInit): Promise<Response>;
}
interface Execution {
  waitUntil(work: Promise<unknown>): void;
}
type Fetch = (request: Request, env: object, execution: Execution) => Response | Promise<Response>;
interface Site {
  readonly gate: Gate<unknown>;
  readonly fetch: Fetch;
}
interface Options {
  readonly waitTimeoutMs?: number;
  readonly maxWaiting?: number;
  readonly health?: true;
  readonly exempt?: readonly string[];
  readonly waitingPage?: true;
}
type Work = () => Promise<unknown>;
type MakeSite = (work: Work | undefined, options: Options) => Site;

/** Each check's site, by the first part of the path. Made by the request that comes first, as a worker's own would be. */
const sites = new Map<string, () => Site>();

/** The worker's own `fetch`: what the checks ask. */
export function serve(request: Request, env: object, execution: Execution): Response | Promise<Response> {
  const site = sites.get(new URL(request.url).hostname);
  return site ? site().fetch(request, env, execution) : new Response(null, { status: 404 });
}

const application = async (request: Request): Promise<Response> => {
  const { pathname } = new URL(request.url);
  await scheduler(1);
  return new Response(request.body ?? `served ${pathname}`);
};
const scheduler = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const kinds: Readonly<Record<string, MakeSite>> = {
  fetch(work, options) {
    const gate = work ? createGate({ bootstrap: work }) : createGate();
    return { gate, fetch: gateFetch(application as Fetch, { gate: gate as Gate<unknown>, ...options }) };
  },
  hono(work, options) {
    const gate = work ? createGate({ bootstrap: work }) : createGate();
    const app = new Hono();
    app.use(gateHono({ gate: gate as Gate<unknown>, ...options }));
    app.all('*', (c) => application(c.req.raw));
    return { gate, fetch: (request, env, execution) => app.fetch(request, env, execution as never) };
  },
};

interface Lab {
  readonly site: Site;
  readonly work: Deferred<unknown>;
  ask(path: string, init?: RequestInit): Promise<Response>;
}

let number = 0;

export function workerChecks(door: string, service: Service) {
  const open = (options: Options = {}, work?: Work | 'first request'): Lab => {
    const end = deferred<unknown>();
    const host = `site-${++number}`;
    // A flight belongs to the request that started it, so what ends it must come from that request too: it polls.
    let isEnded = false;
    void end.promise.then(() => (isEnded = true));
    const polls = async (): Promise<void> => {
      while (!isEnded) await scheduler(1);
    };
    const site = kinds[door]!(work === 'first request' ? undefined : (work ?? polls), options);
    sites.set(host, () => site);
    return { site, work: end, ask: (path, init) => service.fetch(`http://${host}${path}`, init) };
  };
  const check = (id: string, title: string, run: () => Promise<void>) => ({ id, title, run });
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await turns(1);
  };

  return [
    check(
      'C101',
      'requests of several clients are held, and each is served when the bootstrap is complete',
      async () => {
        const { site, work, ask } = open();
        const answers = [ask('/1'), ask('/2'), ask('/3')];
        await until(() => site.gate.waiting === 3);
        work.resolve(undefined);
        const texts = await Promise.all(answers.map(async (answer) => await (await answer).text()));
        assert.deepEqual(texts, ['served /1', 'served /2', 'served /3']);
        assert.equal(await (await ask('/4')).text(), 'served /4');
      },
    ),
    check('C301', 'a request that waits too long is denied by a timer of its own, and the flight goes on', async () => {
      const { site, work, ask } = open({ waitTimeoutMs: 30 });
      const [first, second] = await Promise.all([ask('/1'), ask('/2')]);
      for (const answer of [first, second]) {
        assert.equal(answer.status, 503);
        assert.equal(answer.headers.get('x-bootstrap-gate'), 'not-started');
        assert.equal(((await answer.json()) as { code: string }).code, 'ERR_GATE_WAIT_TIMEOUT');
      }
      work.resolve(undefined);
      await until(() => site.gate.ready);
      assert.equal(await (await ask('/later')).text(), 'served /later');
    }),
    check('C401', 'a request beyond maxWaiting is denied at once', async () => {
      const { site, work, ask } = open({ maxWaiting: 1 });
      const held = ask('/held');
      await until(() => site.gate.waiting === 1);
      assert.equal(((await (await ask('/full')).json()) as { code: string }).code, 'ERR_GATE_QUEUE_FULL');
      work.resolve(undefined);
      assert.equal((await held).status, 200);
    }),
    check('C303', 'a failed bootstrap denies all that are held', async () => {
      const { ask } = open({}, () => scheduler(5).then(() => Promise.reject(new Error('no database'))));
      const answers = await Promise.all([ask('/1'), ask('/2')]);
      assert.deepEqual(
        answers.map(({ status }) => status),
        [503, 503],
      );
    }),
    check('C801', 'health requests are answered in every state', async () => {
      const { site, work, ask } = open({ health: true });
      assert.equal((await ask('/livez')).status, 200);
      assert.equal((await ask('/readyz')).status, 503);
      const held = ask('/');
      await until(() => site.gate.waiting === 1);
      assert.equal((await ask('/readyz')).status, 503);
      work.resolve(undefined);
      assert.equal((await held).status, 200);
      assert.equal((await ask('/readyz')).status, 200);
    }),
    check('C701', 'a navigation that gets the waiting page keeps the bootstrap alive that it has started', async () => {
      const { site, work, ask } = open({ waitingPage: true });
      const page = await ask('/', { headers: { Accept: 'text/html' } });
      assert.match(await page.text(), /^<!doctype html>/i);
      work.resolve(undefined);
      await until(() => site.gate.ready);
      assert.equal(await (await ask('/')).text(), 'served /');
    }),
    check('C851', 'an exempt request passes while others are held', async () => {
      const { site, work, ask } = open({ exempt: ['/metrics'] });
      const held = ask('/held');
      await until(() => site.gate.waiting === 1);
      assert.equal(await (await ask('/metrics')).text(), 'served /metrics');
      work.resolve(undefined);
      assert.equal((await held).status, 200);
    }),
    check('C201', 'in first-request mode one request passes alone, and the others follow', async () => {
      const { site, ask } = open({}, 'first request');
      const answers = await Promise.all(['/1', '/2', '/3'].map(async (path) => await (await ask(path)).text()));
      assert.deepEqual(answers, ['served /1', 'served /2', 'served /3']);
      assert.equal(site.gate.ready, true);
    }),
    check('C451', 'the body of a held request reaches the application whole', async () => {
      const { site, work, ask } = open();
      const answer = ask('/', { method: 'POST', body: 'x'.repeat(200_000) });
      await until(() => site.gate.waiting === 1);
      work.resolve(undefined);
      assert.equal((await (await answer).text()).length, 200_000);
    }),
  ];
}
