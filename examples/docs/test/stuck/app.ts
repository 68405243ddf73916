/** Applications that get stuck in the ways of docs/guides/why-is-my-application-stuck.md, by the names of its headings. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Boot, createGate, type GateError } from 'bootstrap-gate';
import { traceMutex } from '@bootstrap-gate/deadlock';
import { bootstrapGate } from 'bootstrap-gate/node';
import { Mutex } from 'async-mutex';

const turn = (): Promise<void> => new Promise(setImmediate);
const stallAfterMs = 50;

const applications: Record<string, () => Promise<unknown>> = {
  'a-circle-of-waits': async () => {
    const cache = traceMutex(new Mutex(), 'cache');
    const warmUp = (): Promise<void> => cache.runExclusive(() => {});
    const boot = (boot: Boot): Promise<void> => boot.step('warm up', warmUp);
    const gate = createGate({ name: 'api', bootstrap: boot });

    const refresh = (): Promise<void> => gate.ensureReady();
    const handleRequest = async (): Promise<void> => {
      await cache.runExclusive(async () => {
        await turn();
        await refresh();
      });
    };
    const handled = handleRequest().catch(({ message }: GateError) => console.error(message));
    await gate.ensureReady();
    await handled;
  },

  'a-promise-nobody-has': async () => {
    const boot = (boot: Boot): Promise<void> => boot.step('subscribe', () => new Promise(() => {}));
    const gate = createGate({ name: 'mail', stallAfterMs, bootstrap: boot });
    const alive = setInterval(() => {}, 1_000);
    process.removeAllListeners('warning'); // the stall is told first
    await gate.ensureReady().catch(({ cause }: GateError) => console.error((cause as Error).message));
    clearInterval(alive);
  },

  'a-request-to-itself': async () => {
    const boot = (boot: Boot): Promise<unknown> => boot.step('warm up', () => fetch(`http://127.0.0.1:${port}/prices`));
    const listener = bootstrapGate((_req, res) => res.end(), { name: 'api', bootstrap: boot });
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await listener.gate.ensureReady();
    server.closeAllConnections();
    server.close();
  },

  'a-step-that-takes-long': async () => {
    const alive = setInterval(() => {}, 1_000);
    const database = once(process, 'database');
    const boot = (boot: Boot): Promise<unknown> => boot.step('database', () => database);
    const ready = createGate({ name: 'shop', stallAfterMs, bootstrap: boot }).ensureReady();
    await once(process, 'warning');
    Reflect.apply(process.emit, process, ['database']);
    await ready;
    clearInterval(alive);
  },

  'locks-in-two-orders': async () => {
    const [a, b] = [traceMutex(new Mutex(), 'a'), traceMutex(new Mutex(), 'b')];
    const first = (): Promise<void> => a.runExclusive(() => b.runExclusive(() => {}));
    const second = (): Promise<void> => b.runExclusive(() => a.runExclusive(() => {}));
    await first();
    await second();
  },

  'the-process-just-ended': async () => {
    const config = once(process, 'config');
    const boot = (boot: Boot): Promise<unknown> => boot.step('config', () => config);
    await createGate({ name: 'shop', bootstrap: boot }).ensureReady();
  },
};

void applications[process.argv[2] ?? '']?.();
