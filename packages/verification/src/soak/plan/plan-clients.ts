/** The storm: who comes when, with what, and how they behave. */
import type { Dice } from '../dice.js';
import type { AdapterName, ApplicationPlan, Ask, ClientKind, ClientPlan, PlanOf, StreamPlan } from './types.js';

/** During so many ms the clients come. */
export const STORM_MS = 450;

export function planClients(dice: Dice, adapter: AdapterName): ClientPlan[] {
  const clients = dice.list(dice.between(10, 45), () => planClient(dice, adapter));
  if (!dice.chance(0.25)) return clients;
  // A herd: more at once than one slice of a release takes.
  const atMs = dice.between(0, STORM_MS);
  const size = dice.between(40, 120);
  const herd: ClientPlan = adapter.endsWith('http2')
    ? { atMs, kind: 'session', streams: dice.list(size, () => planStream(dice)) }
    : { atMs, kind: 'keep-alive', asks: dice.list(size, () => planAsk(dice, adapter)), sockets: size };
  return [...clients, herd];
}

const anywhere: Partial<Record<ClientKind, number>> = { prober: 2, caller: 2 };
const http1: Partial<Record<ClientKind, number>> = {
  ...anywhere,
  single: 5,
  'keep-alive': 2,
  pipeline: 2,
  'slow-upload': 2,
  leaver: 3,
  'body-leaver': 2,
  'half-closer': 1,
  expecter: 2,
};

function planClient(dice: Dice, adapter: AdapterName): ClientPlan {
  const isHttp2 = adapter.endsWith('http2');
  const weights = isHttp2 ? { ...anywhere, session: 6 } : { ...http1, upgrader: adapter === 'server' ? 4 : 0 };
  const kind = dice.weighted<ClientKind>(weights);
  const make = makers[kind] as (dice: Dice, adapter: AdapterName) => ClientPlan;
  return { ...make(dice, adapter), atMs: dice.chance(0.4) ? 0 : dice.between(0, STORM_MS) };
}

type Makers = { [Kind in ClientKind]: (dice: Dice, adapter: AdapterName) => Omit<PlanOf<Kind>, 'atMs'> };
const makers: Makers = {
  single: (dice, adapter) => ({ kind: 'single', ask: planAsk(dice, adapter) }),
  'keep-alive': (dice, adapter) => ({
    kind: 'keep-alive',
    asks: dice.list(dice.between(2, 8), () => planAsk(dice, adapter)),
    sockets: dice.between(1, 3),
  }),
  pipeline: (dice, adapter) => ({
    kind: 'pipeline',
    asks: dice.list(dice.between(2, 12), () => planAsk(dice, adapter)),
    ...planLeaving(dice, 0.25),
  }),
  'slow-upload': (dice, adapter) => ({
    kind: 'slow-upload',
    ask: planUpload(dice, adapter),
    parts: dice.between(2, 8),
    pauseMs: dice.between(1, 40),
  }),
  leaver: (dice, adapter) => ({
    kind: 'leaver',
    ask: planAsk(dice, adapter),
    leavesAfterMs: dice.between(0, 250),
    resets: dice.chance(0.4),
  }),
  'body-leaver': (dice, adapter) => {
    const ask = planUpload(dice, adapter);
    return {
      kind: 'body-leaver',
      ask,
      sentBytes: dice.between(0, ask.bodyBytes - 1),
      leavesAfterMs: dice.between(0, 250),
    };
  },
  'half-closer': (dice, adapter) => ({ kind: 'half-closer', ask: planAsk(dice, adapter) }),
  expecter: (dice, adapter) => ({ kind: 'expecter', ask: planUpload(dice, adapter) }),
  upgrader: (dice) => {
    const bodyBytes = dice.between(1, 2_000);
    const ask: Ask = { ...planAsk(dice, 'server'), method: 'GET', bodyBytes, navigates: false, application: answering };
    const earlyBytes = dice.between(0, bodyBytes);
    const eagerBytes = dice.chance(0.5) ? dice.between(0, bodyBytes - earlyBytes) : 0;
    return { kind: 'upgrader', ask, earlyBytes, eagerBytes, ...planLeaving(dice, 0.3) };
  },
  session: (dice) => ({
    kind: 'session',
    streams: dice.list(dice.between(1, 20), () => planStream(dice)),
    ...planLeaving(dice, 0.15),
  }),
  prober: (dice) => ({
    kind: 'prober',
    path: dice.pick(['/livez', '/readyz', '/startupz']),
    times: dice.between(2, 12),
    pauseMs: dice.between(5, 60),
  }),
  caller: (dice) => ({
    kind: 'caller',
    calls: dice.pick(['ensureReady', 'wrap']),
    ...(dice.chance(0.5) && { timeoutMs: dice.between(10, 400) }),
    ...(dice.chance(0.5) && { abortsAfterMs: dice.between(0, 300) }),
    fails: dice.chance(0.2),
    takesMs: dice.between(0, 40),
  }),
};

const answering: ApplicationPlan = { does: 'answers', takesMs: 0, bytes: 100 };

function planStream(dice: Dice): StreamPlan {
  const ask = planAsk(dice, 'node-http2');
  const isSlow = ask.bodyBytes > 0 && dice.chance(0.5);
  return {
    ask,
    parts: isSlow ? dice.between(2, 5) : 1,
    pauseMs: isSlow ? dice.between(1, 30) : 0,
    ...(dice.chance(0.2) && { cancelsAfterMs: dice.between(0, 200) }),
  };
}

function planUpload(dice: Dice, adapter: AdapterName): Ask {
  return { ...planAsk(dice, adapter), method: 'POST', bodyBytes: planBytes(dice) };
}

/** What Node answers to a framework's exception is its own; with node:http alone nobody would answer. */
function planAsk(dice: Dice, adapter: AdapterName): Ask {
  const method = dice.weighted({ GET: 5, HEAD: 1, POST: 4 });
  const throws = /express|koa/.test(adapter) ? 0.4 : 0;
  const does = dice.weighted({ answers: 12, fails: 1, throws, breaks: 0.4, streams: 2 });
  return {
    method,
    bodyBytes: method === 'POST' ? planBytes(dice) : 0,
    target: dice.chance(0.08) ? 'exempt' : 'ordinary',
    navigates: method !== 'POST' && dice.chance(0.1),
    application: { does, takesMs: dice.chance(0.5) ? 0 : dice.between(1, 60), bytes: dice.between(0, 3_000) },
  };
}

/** Now and then more than the buffers of the sockets take. */
function planBytes(dice: Dice): number {
  return dice.chance(0.05) ? dice.between(200_000, 600_000) : dice.between(1, 20_000);
}

function planLeaving(dice: Dice, probability: number): { leavesAfterMs?: number } {
  return dice.chance(probability) ? { leavesAfterMs: dice.between(0, 250) } : {};
}
