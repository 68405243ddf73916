/** Ways to hold a request until the application is ready: by hand, and with the gate. */
import type { Server, ServerResponse } from 'node:http';
import type { Arrival } from './arrivals.js';

interface Holding {
  readonly hold: (arrival: Arrival) => void;
  /** Makes the application ready. */
  readonly open: () => void;
}

export interface Place {
  readonly count: number;
  readonly server: Server;
  readonly serve: (res: ServerResponse) => void;
}

type Holder = (place: Place) => Promise<Holding>;

/** A bootstrap that completes when it is told to, and places enough. */
function bootstrapped({ count }: Place) {
  let open!: () => void;
  const done = new Promise<void>((resolve) => (open = resolve));
  const patience = { waitTimeoutMs: 600_000, stallAfterMs: 600_000, maxWaiting: 4 * count };
  return { open, options: { bootstrap: () => done, ...patience }, patience };
}

export const holders = {
  'only kept in an array': async ({ count }) => {
    const kept = new Array<Arrival>(count);
    let next = 0;
    return { hold: (arrival) => void (kept[next++] = arrival), open: () => kept.forEach(({ next }) => next()) };
  },
  'shared promise by hand, `then`': async ({ serve }) => {
    let open!: () => void;
    const started = new Promise<void>((resolve) => (open = resolve));
    return { hold: ({ res }) => void started.then(() => serve(res)), open };
  },
  'shared promise by hand, `await`': async ({ serve }) => {
    let open!: () => void;
    const started = new Promise<void>((resolve) => (open = resolve));
    const listener = async (res: ServerResponse): Promise<void> => {
      await started;
      serve(res);
    };
    return { hold: ({ res }) => void listener(res), open };
  },
  'node: bootstrapGate': async (place) => {
    const { bootstrapGate } = await import('@bootstrap-gate/node');
    const { options, open } = bootstrapped(place);
    const gated = bootstrapGate((_req, res) => place.serve(res), options);
    return { hold: ({ req, res }) => gated(req, res), open };
  },
  'node: bootstrapGate, first-request mode': async (place) => {
    const { bootstrapGate } = await import('@bootstrap-gate/node');
    const { waitTimeoutMs, maxWaiting } = bootstrapped(place).patience;
    let pilot: ServerResponse | undefined;
    const application = (res: ServerResponse): void => void (pilot ? place.serve(res) : (pilot = res));
    const gated = bootstrapGate((_req, res) => application(res), {
      waitTimeoutMs,
      maxWaiting,
      pilotTimeoutMs: 600_000,
    });
    return { hold: ({ req, res }) => gated(req, res), open: () => pilot?.end() };
  },
  'node: gateServer': async (place) => {
    const { gateServer } = await import('@bootstrap-gate/node');
    const { options, open } = bootstrapped(place);
    place.server.on('request', (_req, res) => place.serve(res));
    gateServer(place.server, options);
    return { hold: ({ req, res }) => void place.server.emit('request', req, res), open };
  },
  'Express: bootstrapGate': async (place) => {
    const { bootstrapGate } = await import('@bootstrap-gate/express');
    const { options, open } = bootstrapped(place);
    const gated = bootstrapGate(options);
    return { hold: ({ req, res, next }) => void gated(req, res, next), open };
  },
  'Koa: bootstrapGate': async (place) => {
    const { bootstrapGate } = await import('@bootstrap-gate/koa');
    const { options, open } = bootstrapped(place);
    const gated = bootstrapGate(options);
    return { hold: ({ ctx, next }) => void gated(ctx, next as () => Promise<unknown>), open };
  },
} satisfies Record<string, Holder>;

export type HolderName = keyof typeof holders;
