/** The same application behind different doors, on a server that the caller starts. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';

export interface Served {
  readonly server: Server;
  /** Makes the application ready. */
  readonly open: () => Promise<unknown>;
  /** How many requests wait. */
  readonly waiting: () => number;
  /** How many own properties and listeners the server has gained or lost since the application was attached to it. */
  readonly leftBehind: () => number;
}

export interface Doorway {
  readonly application: RequestListener;
  /** Whether `/livez` is answered without waiting. */
  readonly health: boolean;
}

const MAX_WAITING = 10_000;
const nothing = async (): Promise<void> => {};

export const servers = {
  'no gate': async ({ application }) => {
    const server = createServer(application);
    return { server, open: nothing, waiting: () => 0, leftBehind: changesOf(server) };
  },
  'await of a shared promise, by hand': async ({ application, health }) => {
    let open!: () => void;
    let waiting = 0;
    const started = new Promise<void>((resolve) => (open = resolve));
    const gated = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
      if (health && req.url === '/livez') return void res.end('ok\n');
      waiting++;
      await started;
      application(req, res);
    };
    const server = createServer((req, res) => void gated(req, res));
    return { server, open: async () => open(), waiting: () => waiting, leftBehind: changesOf(server) };
  },
  bootstrapGate: async ({ application, health }) => {
    const { bootstrapGate } = await import('@bootstrap-gate/node');
    const { bootstrap, open } = bootstrapped();
    const gated = bootstrapGate(application, { bootstrap, health, maxWaiting: MAX_WAITING });
    const server = createServer(gated);
    return { server, open: () => open(gated.gate), waiting: () => gated.gate.waiting, leftBehind: changesOf(server) };
  },
  gateServer: async ({ application, health }) => {
    const { gateServer } = await import('@bootstrap-gate/node');
    const { bootstrap, open } = bootstrapped();
    const server = createServer(application);
    const leftBehind = changesOf(server);
    const gate = gateServer(server, { bootstrap, health, maxWaiting: MAX_WAITING });
    return { server, open: () => open(gate), waiting: () => gate.waiting, leftBehind };
  },
} satisfies Record<string, (doorway: Doorway) => Promise<Served>>;

export type ServerName = keyof typeof servers;

function bootstrapped() {
  let complete!: () => void;
  const done = new Promise<void>((resolve) => (complete = resolve));
  const open = (gate: { ensureReady(): Promise<unknown> }): Promise<unknown> => {
    complete();
    return gate.ensureReady();
  };
  return { bootstrap: () => done, open };
}

function changesOf(server: Server): () => number {
  const look = (): Set<string> =>
    new Set([
      ...Reflect.ownKeys(server).map(String),
      ...server.eventNames().map((event) => `${server.listenerCount(event)} of ${String(event)}`),
    ]);
  const before = look();
  return () => {
    const now = look();
    return [...before, ...now].filter((entry) => !before.has(entry) || !now.has(entry)).length;
  };
}
