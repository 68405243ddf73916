import { once } from 'node:events';
import { request, type IncomingMessage, type Server } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { loadSome, type Load } from '../src/bootstrap.js';
import { cities } from '../src/dataset.js';
import { planCalls } from '../src/demo/calls.js';
import { sendHerd } from '../src/demo/herd.js';
import * as express from '../src/express-app.js';
import * as koa from '../src/koa-app.js';
import * as node from '../src/node-app.js';
import { sha256, type Receipt } from '../src/notes.js';
import { listen } from './listen.js';

const CITIES = 6_000;
const HERD = 60;

jest.setTimeout(60_000);

describe.each(Object.entries({ express, koa, node }))('the cities with %s', (_name, { createApp }) => {
  // The bootstrap is complete when the tests say so: neither a fast machine nor a slow one changes what they see.
  let complete: () => void = () => {};
  const mayComplete = new Promise<void>((resolve) => (complete = resolve));
  let hasLoaded: () => void = () => {};
  const loaded = new Promise<void>((resolve) => (hasLoaded = resolve));
  let bootstraps = 0;
  const load: Load = async (boot, database) => {
    bootstraps += 1;
    await loadSome(CITIES)(boot, database);
    hasLoaded();
    await mayComplete;
  };

  const calls = planCalls(HERD, cities.slice(0, CITIES));
  let gate: ReturnType<typeof createApp>['gate'];
  let server: Server;
  let origin: string;

  const get = (path: string) => fetch(origin + path);
  const health = () => Promise.all(['/livez', '/readyz', '/startupz'].map(async (path) => (await get(path)).status));

  beforeAll(async () => {
    const app = createApp(load);
    gate = app.gate;
    ({ server, origin } = await listen(app.listener));
  });

  afterAll(async () => {
    server.close();
    server.closeIdleConnections();
    await gate.close();
  });

  test('from the first moment the process is alive, not ready and not started', async () => {
    expect(gate.state).toBe('booting');
    expect(await health()).toEqual([200, 503, 503]);
  });

  test('a browser gets a page instead of being held', async () => {
    // Not with fetch, which always says that it is no navigation.
    const navigation = request(`${origin}/cities?prefix=Ber`, { headers: { accept: 'text/html' } }).end();
    const [page] = (await once(navigation, 'response')) as [IncomingMessage];
    page.resume();
    expect(page.headers).toMatchObject({ 'x-bootstrap-gate': 'not-started' });
    expect(page.headers['content-type']).toMatch('text/html');
  });

  test('a herd is held until the bootstrap is complete, and everyone gets the right answer', async () => {
    await loaded;
    const herd = sendHerd(origin, calls, 0);
    while (gate.waiting < HERD) await setImmediate();
    expect(await health()).toEqual([200, 503, 503]);

    complete();
    const outcomes = await herd;
    expect(outcomes.flatMap(({ verdict, reason }) => (verdict === 'right' ? [] : [reason]))).toEqual([]);
    expect(outcomes).toHaveLength(HERD);
    expect(bootstraps).toBe(1);
  });

  test('every note of the herd is stored, byte for byte, once', async () => {
    const stored = (await (await get('/notes')).json()) as Receipt[];
    const sent = calls.flatMap(({ note }) => (note === undefined ? [] : [sha256(note)]));
    expect(stored.map((receipt) => receipt.sha256).sort()).toEqual(sent.sort());
  });

  test('once the bootstrap is complete, the process is alive, ready and started', async () => {
    expect(await health()).toEqual([200, 200, 200]);
  });
});
