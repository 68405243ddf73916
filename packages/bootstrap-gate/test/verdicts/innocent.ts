/** Starts that finish by themselves, although the async context of a wait in them says that they cannot. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { type Boot, createGate, type Gate } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/node';
import { traceMutex } from '@bootstrap-gate/deadlock';
import { Mutex, tryAcquire } from 'async-mutex';
import { after, fetchStatus, listen, runShapes, type Shape, type Start } from './shapes.js';

const start = (bootstrap: (gate: Gate<unknown>, boot: Boot) => unknown, options: object = {}): Start => {
  const gate: Gate<unknown> = createGate({ name: 'shop', bootstrap: (boot) => bootstrap(gate, boot), ...options });
  return { gate };
};

const shapes: Record<string, Shape> = {
  'a step that races its wait against a timer': () =>
    start((gate, boot) => boot.step('load', () => Promise.race([gate.ensureReady(), after(300, 'in time')]))),
  'a refresh that nothing awaits': () =>
    start(async (gate) => {
      void gate.ensureReady();
      return after(300, 'up');
    }),
  'an interval that was set in the bootstrap': () => {
    let ticks = 0;
    return start(async (gate) => {
      const interval = setInterval(() => {
        if (++ticks > 3) clearInterval(interval);
        void gate.ensureReady();
      }, 40);
      return after(300, 'up');
    });
  },
  'a consumer that was registered in the bootstrap': () => {
    const consumed: string[] = [];
    let consume!: (data: Buffer) => unknown;
    const started = start(async (gate) => {
      consume = gate.wrap((data: Buffer) => void consumed.push(String(data)));
      const server = createServer((socket) => socket.end('message')).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      socket.on('data', (data) => void consume(data));
      socket.on('close', () => server.close());
      return after(300, 'up');
    });
    const end = async (): Promise<unknown> => {
      await started.gate.ensureReady();
      await after(20);
      return consumed.join();
    };
    return { ...started, end };
  },
  'a lock that a step takes and a job elsewhere lets go of': () => {
    const mutex = traceMutex(new Mutex(), 'import');
    let release!: () => void;
    const job = setInterval(() => release?.(), 150);
    return start(async (gate, boot) => {
      await boot.step('take', async () => void (release = await mutex.acquire()));
      const value = await boot.step('take again', () => mutex.runExclusive(() => 'taken'));
      clearInterval(job);
      return value;
    });
  },
  'a request of its own that nothing awaits': async () => {
    let port = 0;
    let own!: Promise<number>;
    const bootstrap = async (): Promise<string> => {
      own = fetchStatus(port);
      return after(300, 'up');
    };
    const handler = bootstrapGate((_req, res) => void res.end('served'), { name: 'shop', bootstrap });
    port = await listen(handler);
    const end = async (): Promise<unknown> => [await handler.gate.ensureReady(), await own];
    return { gate: handler.gate, end };
  },
  'tryAcquire in the other order': () => {
    const [a, b] = [traceMutex(new Mutex(), 'a'), traceMutex(new Mutex(), 'b')];
    return start(async () => {
      await a.runExclusive(() => b.runExclusive(() => 1));
      await b.runExclusive(() => tryAcquire(a).runExclusive(() => 1));
      return 'up';
    });
  },
  'a wait with a limit': () =>
    start(async (gate) => gate.ensureReady({ timeoutMs: 300 }).catch((error: { code: string }) => error.code)),
  'a wait with a signal': () =>
    start(async (gate) => {
      const signal = AbortSignal.timeout(300);
      return gate.ensureReady({ signal }).catch((error: Error) => error.name);
    }),
  'a step with a limit, in which its gate is awaited': () =>
    start((gate, boot) =>
      boot.step('load', () => gate.ensureReady(), { timeoutMs: 300, optional: true }).then(() => 'without'),
    ),
  'Promise.any with an arm that ends': () =>
    start((gate, boot) => boot.step('load', () => Promise.any([gate.ensureReady(), after(300, 'any')]))),
  'detached work that awaits the gate': () =>
    start(async (gate, boot) => {
      boot.detach(() => gate.ensureReady());
      return after(100, 'up');
    }),
  'a reset of its own gate that is raced': () => start((gate) => Promise.race([gate.reset(), after(300)])),
  'a stop that races the end of its own gate': () => {
    const stop = (): Promise<unknown> => Promise.race([gate.reset(), gate.close(), after(300)]);
    const gate: Gate<unknown> = createGate({ name: 'shop', bootstrap: { run: () => 'up', stop } });
    const end = async (): Promise<unknown> => {
      await gate.ensureReady();
      await gate.close();
      return gate.state;
    };
    return { gate, end };
  },
  'parallel steps of which one awaits the other': () =>
    start(async (_gate, boot) => {
      const first = boot.step('first', () => after(200, 'up'));
      return boot.step('second', async () => first);
    }),
};

void runShapes(shapes);
