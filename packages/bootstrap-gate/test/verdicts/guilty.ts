/** Starts that only themselves could finish. */
import { type Boot, createGate, type Gate, plan } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/node';
import { traceMutex } from '@bootstrap-gate/deadlock';
import { Mutex } from 'async-mutex';
import { after, fetchStatus, getStatus, listen, runShapes, type Shape, type Start } from './shapes.js';

type Bootstrap = (gate: Gate<unknown>, boot: Boot) => unknown;

const start = (bootstrap: Bootstrap, options: object = {}): Start => {
  const gate: Gate<unknown> = createGate({ name: 'shop', bootstrap: (boot) => bootstrap(gate, boot), ...options });
  return { gate };
};

/** A server whose bootstrap needs an answer of its own; the gate opens with the status that it got. */
async function toItself(request: (port: number) => Promise<unknown>, options: object = {}): Promise<Start> {
  let port = 0;
  const bootstrap = (boot: Boot): Promise<unknown> => boot.step('warm up', () => request(port));
  const handler = bootstrapGate((_req, res) => void res.end('served'), { name: 'shop', bootstrap, ...options });
  port = await listen(handler);
  return { gate: handler.gate };
}

const gates: Record<string, Shape> = {
  'its own gate': () => start((gate) => gate.ensureReady()),
  'its own gate, in a function of its own': () => start(async (gate) => (await after(5), await gate.ensureReady(), 1)),
  'a wrapped function': () => start((gate) => gate.wrap(() => 1)()),
  'a step': () => start((gate, boot) => boot.step('load', () => gate.ensureReady())),
  'a step in a step': () =>
    start((gate, boot) => boot.step('outer', async () => boot.step('inner', () => gate.ensureReady()))),
  'a step that nothing awaits': () => start((gate, boot) => void boot.step('load', () => gate.ensureReady())),
  'a step beside another': () =>
    start((gate, boot) =>
      Promise.all([boot.step('load', () => gate.ensureReady()), boot.step('other', () => after(10))]),
    ),
  'a step of a plan': () => {
    const gate: Gate<unknown> = createGate({
      name: 'shop',
      bootstrap: plan()
        .step('config', () => after(5))
        .step('load', ['config'], () => gate.ensureReady()),
    });
    return { gate };
  },
  'two gates': () => {
    const stock: Gate<unknown> = createGate({ name: 'stock', bootstrap: () => gate.ensureReady() });
    const gate: Gate<unknown> = createGate({ name: 'shop', bootstrap: () => stock.ensureReady() });
    return { gate };
  },
  'two steps': () =>
    start(async (_gate, boot) => {
      const first: Promise<unknown> = boot.step('first', async () => {
        await after(1);
        await second;
      });
      const second: Promise<unknown> = boot.step('second', async () => {
        await first;
      });
      await Promise.all([first, second]);
    }),
  'an attempt that is not the first': () =>
    start(
      async (gate, boot) => {
        if (boot.attempt === 1) throw new Error('not yet');
        await gate.ensureReady();
      },
      { retry: { attempts: 2, delayMs: 1 } },
    ),
};

const others: Record<string, Shape> = {
  'a step that is started from outside': () => {
    const boots: Boot[] = [];
    const bootstrap = (boot: Boot): Promise<unknown> => (boots.push(boot), after(10_000));
    const gate: Gate<unknown> = createGate({ name: 'shop', bootstrap });
    void gate.ensureReady().catch(() => {});
    return { gate, end: () => boots[0]!.step('load', () => gate.ensureReady()) };
  },
  'a step, a lock and a gate': () => {
    const mutex = traceMutex(new Mutex(), 'import');
    return start(async (gate, boot) => {
      const holder = mutex.runExclusive(() => gate.ensureReady());
      holder.catch(() => {});
      await boot.step('load', () => mutex.runExclusive(() => 1));
    });
  },
  'a fetch of its own server': () => toItself(fetchStatus),
  'a request of node:http to its own server': () => toItself(getStatus),
  'a fetch of its own server, with deadlock "off"': () => toItself(fetchStatus, { deadlock: 'off' }),
};

/** The flight keeps the functions of steps, and these know what they await: only a snapshot sees through that. */
const { 'two steps': _steps, 'a step of a plan': _plan, ...collectable } = gates;

void runShapes(process.argv.includes('large-heap') ? collectable : { ...gates, ...others });
