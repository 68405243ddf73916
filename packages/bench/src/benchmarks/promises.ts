/** Whether a gate that has opened leaves anything behind that slows down the application's own promises. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createApplication } from '../application.js';
import type { Benchmark, Contender, Measures } from '../benchmark.js';
import { contenderNames, contenders, type Middleware, type Place, type Way } from '../contenders.js';
import { awaitedNanoseconds } from '../loop.js';

async function applicationWork(calls: number): Promise<void> {
  for (let i = 0; i < calls; i++) await step(i);
}

async function step(value: number): Promise<number> {
  return value;
}

const measure = async (): Promise<Measures> => ({ ns: await awaitedNanoseconds(1e4, applicationWork) });

/** After one request, which completes the bootstrap. */
async function after(make: (place: Place) => Promise<Way>): Promise<Measures> {
  let isReady = false;
  const bootstrap = async (): Promise<void> => void (isReady = true);
  const way = await make({ bootstrap, limits: 'own' });
  const { server } = await createApplication(() => isReady, way);
  way.attach?.(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
  if (response.status !== 200) throw new Error(`it did not open: ${await response.text()}`);
  await response.text();
  server.close();
  await once(server, 'close');
  return measure();
}

const noGate = 'no gate';

const byContender: Record<string, Contender> = Object.fromEntries(
  contenderNames().map((name) => [
    name,
    { run: () => after(contenders[name]), ...(name !== noGate && { against: noGate }) },
  ]),
);

export const benchmark: Benchmark = {
  title: "The application's own promises, after the gate has opened",
  about: `\`await\` of an async function, in a loop; the fastest tenth of 200 batches. Before that one request was served over a socket. On
Node 20 and 22 an \`AsyncLocalStorage\` in use slows down every promise of the process; the gate that is still booting shows how
much. The gate disables its own when it opens. V8 does not quite go back, though, once one was used at all: that is what the line
without a gate shows, and a process that uses an \`AsyncLocalStorage\` anyway, as tracing does, pays more already. Ratios are of the minima.`,
  rounds: 5,
  nodeOptions: ['--single-threaded'],
  metrics: { ns: { title: 'ns per await', digits: 1, ratioOf: 'min' } },
  contenders: {
    ...byContender,
    'bootstrapGate with three steps': {
      against: noGate,
      run: () =>
        after(async ({ bootstrap }) => {
          const { bootstrapGate } = await import('bootstrap-gate/express');
          const gated = bootstrapGate({
            bootstrap: async (boot) => {
              for (const name of ['one', 'two', 'three']) await boot.step(name, () => bootstrap());
            },
          });
          return { middleware: gated as Middleware };
        }),
    },
    'bootstrapGate, first-request mode': {
      against: noGate,
      run: () =>
        after(async ({ bootstrap }) => {
          const { bootstrapGate } = await import('bootstrap-gate/express');
          await bootstrap();
          return { middleware: bootstrapGate() as Middleware };
        }),
    },
    'no gate, an AsyncLocalStorage used once and disabled': {
      against: noGate,
      run: async () => {
        const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks');
        const storage = new AsyncLocalStorage<number>();
        await storage.run(1, async () => applicationWork(1));
        storage.disable();
        return measure();
      },
    },
    'a gate that is still booting': {
      against: noGate,
      run: async () => {
        const { createGate } = await import('bootstrap-gate');
        const pending = new Promise(() => {});
        createGate({ bootstrap: () => pending, eager: true });
        const cost = await measure();
        await Promise.race([pending, cost]); // kept until here: one that nobody has would be proven hopeless
        return cost;
      },
    },
  },
  targets: [
    {
      contenders: [
        'bootstrapGate',
        'gateServer',
        'bootstrapGate with three steps',
        'bootstrapGate, first-request mode',
      ],
      metric: 'ns',
      of: 'ratio',
      atMost: 1.05,
    },
  ],
};
