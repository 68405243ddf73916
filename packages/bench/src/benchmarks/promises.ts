/** Whether a gate that has opened leaves anything behind that slows down the application's own promises. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gate } from '@bootstrap-gate/core';
import type { Benchmark, Measures } from '../benchmark.js';
import { awaitedNanoseconds } from '../loop.js';

async function applicationWork(calls: number): Promise<void> {
  for (let i = 0; i < calls; i++) await step(i);
}

async function step(value: number): Promise<number> {
  return value;
}

const measure = async (): Promise<Measures> => ({ ns: await awaitedNanoseconds(1e4, applicationWork) });

/** Sends one request, which the gate holds or lets through as its pilot, and waits for the answer and the end. */
async function sendOne(listener: RequestListener): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text();
  await new Promise((resolve) => server.close(resolve));
}

async function opened(gated: RequestListener & { readonly gate: Gate<unknown> }): Promise<Measures> {
  await sendOne(gated);
  if (!gated.gate.ready) throw new Error('the gate did not open');
  return measure();
}

const noGate = 'no gate';

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
    [noGate]: {
      run: async () => {
        await sendOne((_req, res) => res.end('ok'));
        return measure();
      },
    },
    'gate with three steps': {
      against: noGate,
      run: async () => {
        const { bootstrapGate } = await import('@bootstrap-gate/node');
        return opened(
          bootstrapGate((_req, res) => res.end('ok'), {
            bootstrap: async (boot) => {
              for (const name of ['one', 'two', 'three']) await boot.step(name, async () => name);
            },
          }),
        );
      },
    },
    'gate in first-request mode': {
      against: noGate,
      run: async () => {
        const { bootstrapGate } = await import('@bootstrap-gate/node');
        return opened(bootstrapGate((_req, res) => res.end('ok')));
      },
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
    'gate that is still booting': {
      against: noGate,
      run: async () => {
        const { createGate } = await import('@bootstrap-gate/core');
        const pending = new Promise(() => {});
        createGate({ bootstrap: () => pending, eager: true });
        const cost = await measure();
        await Promise.race([pending, cost]); // kept until here: one that nobody has would be proven hopeless
        return cost;
      },
    },
  },
  targets: [
    { contenders: ['gate with three steps', 'gate in first-request mode'], metric: 'ns', of: 'ratio', atMost: 1.05 },
  ],
};
