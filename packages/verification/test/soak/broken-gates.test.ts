import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { Gate } from 'bootstrap-gate';
import type { ClientPlan } from '../../src/soak/plan/types.js';
import { runRound } from '../../src/soak/round.js';
import type { Mount, Setup } from '../../src/soak/servers/mount.js';
import { serve, serverMount } from '../../src/soak/servers/node.js';
import { ask, attempt, roundPlan, sitePlan } from './support.js';

/** What is broken here does not get better by waiting. */
const LIMIT_MS = 400;

const single: ClientPlan = { atMs: 0, kind: 'single', ask: ask() };
const upload: ClientPlan = { atMs: 0, kind: 'single', ask: ask({ method: 'POST', bodyBytes: 3_000 }) };
const pipeline: ClientPlan = { atMs: 0, kind: 'pipeline', asks: [ask(), ask()] };
const leaver: ClientPlan = { atMs: 0, kind: 'leaver', ask: ask(), leavesAfterMs: 1, resets: false };
const prober: ClientPlan = { atMs: 0, kind: 'prober', path: '/readyz', times: 1, pauseMs: 0 };

type Receive = (setup: Setup, req: IncomingMessage, res: ServerResponse) => unknown;
const brokenBy =
  (receive: Receive): Mount =>
  (setup) =>
    http.createServer((req, res) => void receive(setup, req, res));

const opened = (gate: Gate<unknown>): Promise<unknown> => gate.ensureReady().catch(() => {});

async function complaints(mount: Mount, client: ClientPlan, plan = roundPlan([client])): Promise<string> {
  const { ledger } = await runRound(plan, mount, LIMIT_MS);
  return ledger.complaints.join('\n');
}

test('a gate that is not broken passes', async () => {
  const held = brokenBy(async ({ gate, application }, req, res) => {
    await opened(gate);
    if (!req.socket.destroyed) await serve(application)(req, res);
  });
  expect(await complaints(held, single, roundPlan([single, upload, leaver, pipeline]))).toBe('');
});

test('a gate that is none is found', async () => {
  const none = brokenBy(({ application }, req, res) => serve(application)(req, res));
  expect(await complaints(none, single)).toContain('reached the application while its gate was idle');
});

test('H1: a gate that calls the application twice is found', async () => {
  const twice = brokenBy(async ({ gate, application }, req, res) => {
    await opened(gate);
    void application(req, res);
    await serve(application)(req, res);
  });
  expect(await complaints(twice, single)).toContain('the application was called 2 times');
});

test('A11: a gate that answers twice is found', async () => {
  const twice = brokenBy(async ({ gate, application }, req, res) => {
    await opened(gate);
    const { headers, body } = (await application(req, res)) ?? { headers: {}, body: '' };
    const text = String(body);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n${lines.join('')}\r\n${text}`;
    req.socket.write(answer + answer);
  });
  expect(await complaints(twice, { ...leaver, leavesAfterMs: LIMIT_MS })).toContain('what nobody had asked for');
});

test('A11: a gate that forgets a request is found', async () => {
  let count = 0;
  const forgetful = brokenBy(async ({ gate, application }, req, res) => {
    await opened(gate);
    if (++count !== 2) await serve(application)(req, res);
  });
  const found = await complaints(forgetful, single, roundPlan([single, single, single]));
  expect(found).toContain('it did not happen: all clients and commands end');
  expect(found).toContain('was forgotten; the application was called 0 times');
});

test('H3: a gate that calls the application for a client that is gone is found', async () => {
  const unaware = brokenBy(async ({ gate, application }, req, res) => {
    await opened(gate);
    while (!req.socket.destroyed) await new Promise((resolve) => setImmediate(resolve));
    await serve(application)(req, res);
  });
  expect(await complaints(unaware, leaver)).toContain('whose client was gone');
});

test('H1: a gate that loses a byte of a body is found', async () => {
  const greedy = brokenBy(({ gate, application }, req, res) => {
    req.once('data', (chunk: Buffer) => {
      req.pause();
      req.unshift(chunk.subarray(1));
      void opened(gate).then(() => serve(application)(req, res));
    });
  });
  expect(await complaints(greedy, upload)).toContain('lost bytes of its body');
});

test('N1: a gate that denies what the application has seen is found', async () => {
  const late = brokenBy(async ({ gate, application }, req, res) => {
    await opened(gate);
    await application(req, res);
    res.writeHead(503, { 'X-Bootstrap-Gate': 'not-started', 'Content-Type': 'application/problem+json' });
    res.end('{"code":"ERR_GATE_CLOSED"}');
  });
  expect(await complaints(late, single)).toContain('and yet the application was called');
});

test('N4: a gate that says it is ready before it is, is found', async () => {
  const boastful = brokenBy((_setup, _req, res) => res.end());
  const door = { ...sitePlan().door, health: true };
  const plan = roundPlan([prober], { sites: [sitePlan({ door, flights: [[attempt(200)]] })] });
  expect(await complaints(boastful, prober, plan)).toContain('/readyz was answered 200');
});

test('a gate that leaves a timer, a warning or a listener on the server behind is found', async () => {
  const untidy: Mount = (setup) => {
    setTimeout(() => {}, 60_000).unref();
    process.emitWarning('a warning that nobody expects');
    return serverMount(setup).on('checkContinue', () => {});
  };
  const found = await complaints(untidy, single, roundPlan([single], { adapter: 'server' }));
  expect(found).toContain('1 timers are left');
  expect(found).toContain('a warning that nobody expects');
  expect(found).toContain('1 listeners of "checkContinue" are left');
});
