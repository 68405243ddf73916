/** Ways to hold requests that arrive without a network: all contenders that hold any, and the gate's other doors. */
import type { Server, ServerResponse } from 'node:http';
import type { Arrival } from './arrivals.js';
import { type ContenderName, contenderNames, contenders } from './contenders.js';
import { onRequestOf } from './direct-calls.js';

interface Holding {
  readonly hold: (arrival: Arrival) => void;
  /** Makes the application ready. */
  readonly open: () => void;
  /** Whether the next request is served only after the answer to the last one. */
  readonly takesTurns?: true | undefined;
}

interface Place {
  readonly server: Server;
  readonly serve: (res: ServerResponse) => void;
}

type Holder = (place: Place) => Promise<Holding>;

const patience = { waitTimeoutMs: 600_000, maxWaiting: 1_000_000, releaseConcurrency: Infinity };

/** A bootstrap that completes when it is told to. */
function onDemand(): { readonly bootstrap: () => Promise<void>; readonly open: () => void } {
  let open!: () => void;
  const done = new Promise<void>((resolve) => (open = resolve));
  return { bootstrap: () => done, open };
}

const holderOf = (name: ContenderName): Holder => {
  return async ({ server, serve }) => {
    const { bootstrap, open } = onDemand();
    const { middleware, attach, takesTurns } = await contenders[name]({ bootstrap, limits: 'wide' });
    if (middleware) return { hold: ({ req, res, next }) => void middleware(req, res, next), open, takesTurns };
    server.on('request', (_req, res) => serve(res));
    attach?.(server);
    return { hold: ({ req, res }) => void server.emit('request', req, res), open };
  };
};

/** The leanest that can be written by hand: no async function around it. */
const sharedPromise: Holder = async () => {
  const { bootstrap, open } = onDemand();
  const started = bootstrap();
  return { hold: ({ next }) => void started.then(() => next()), open };
};

const otherDoors: Record<string, Holder> = {
  'bootstrapGate, first-request mode': async () => {
    const { bootstrapGate } = await import('bootstrap-gate/express');
    let pilot: ServerResponse | undefined;
    const gated = bootstrapGate({ ...patience, pilotTimeoutMs: patience.waitTimeoutMs });
    const hold = ({ req, res, next }: Arrival): void => {
      pilot ??= res;
      gated(req, res, res === pilot ? () => {} : next);
    };
    return { hold, open: () => pilot?.end() };
  },
  'bootstrapGate for node:http': async ({ serve }) => {
    const { bootstrapGate } = await import('bootstrap-gate/node');
    const { bootstrap, open } = onDemand();
    const gated = bootstrapGate((_req, res) => serve(res), { bootstrap, ...patience });
    return { hold: ({ req, res }) => gated(req, res), open };
  },
  'bootstrapGate for Koa': async () => {
    const { bootstrapGate } = await import('bootstrap-gate/koa');
    const { bootstrap, open } = onDemand();
    const gated = bootstrapGate({ bootstrap, ...patience });
    return { hold: ({ ctx, next }) => void gated(ctx, next as () => Promise<unknown>), open };
  },
  'bootstrapGate for Fastify': async () => {
    const { bootstrapGate } = await import('bootstrap-gate/fastify');
    const { bootstrap, open } = onDemand();
    const hook = await onRequestOf(bootstrapGate({ bootstrap, ...patience }));
    return { hold: ({ request, reply, next }) => hook(request, reply, next), open };
  },
};

const nothing: Holder = async () => {
  const kept: Arrival[] = [];
  return { hold: (arrival) => void kept.push(arrival), open: () => kept.forEach(({ next }) => next()) };
};

export const holders: Readonly<Record<string, Holder>> = {
  'only kept in an array': nothing,
  'a shared promise, by `then`': sharedPromise,
  ...Object.fromEntries(
    contenderNames()
      .filter((name) => name !== 'no gate')
      .map((name) => [name, holderOf(name)]),
  ),
  ...otherDoors,
};
