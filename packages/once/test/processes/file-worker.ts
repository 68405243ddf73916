/** A process of a host that shares a folder with others. */
import { setTimeout as delay } from 'node:timers/promises';
import { fileOnce } from '../../src/file.js';
import { FileStore } from '../../src/file/store.js';

export interface FileWorkerSettings {
  readonly folder: string;
  readonly name: string;
  readonly leaseMs: number;
  /** `count`: raises a counter so often by compare-and-set. `hang`: holds a step. `die`: kills itself while it holds one. */
  readonly act: 'count' | 'hang' | 'die' | 'late';
  readonly times?: number;
}

const settings = JSON.parse(process.argv[2] ?? '') as FileWorkerSettings;

async function count(): Promise<void> {
  const store = new FileStore(settings.folder);
  const step = { namespace: 'n', name: 'counter' };
  for (let done = 0; done < (settings.times ?? 0);) {
    const { revision, run } = await store.look(step, 'k', null);
    const result = JSON.stringify(Number(run?.result ?? 0) + 1);
    const next = { order: null, state: 'done' as const, attempts: 1, result, error: null, retryInMs: 0 };
    if (typeof (await store.write(step, revision, { fence: 0, owner: null, key: 'k', run: next })) === 'number') done++;
  }
}

async function lead(): Promise<void> {
  const once = fileOnce(settings.folder, { namespace: 'n', leaseMs: settings.leaseMs, replica: settings.name });
  const step = once.run({ key: 'v1', attempts: 100 }, async ({ attempt, signal }) => {
    console.log(`working ${attempt}`);
    if (settings.act === 'die') process.kill(process.pid, 'SIGKILL');
    if (settings.act === 'hang') await delay(2 ** 30);
    while (!signal.aborted) await delay(20);
    console.log('signal');
    return settings.name;
  });
  console.log(`result ${await step({ name: 'step' })}`);
  await once.close();
}

void (settings.act === 'count' ? count() : lead());
