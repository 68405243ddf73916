/** Plays bootstraps that end by themselves, all at once, as a file describes them, and prints which of them did. */
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Mutex, Semaphore } from 'async-mutex';
import { setProofHeapLimit, traceMutex, traceSemaphore } from '@bootstrap-gate/deadlock';
import { after, deep, kept, print } from './shapes.js';
import { type Boot, smallGate, type SmallGate } from './small-gate.js';

/** Ends by itself. */
export type Ending =
  | { readonly kind: 'timer'; readonly ms: number }
  | {
      readonly kind: 'all' | 'allSettled' | 'one after another' | 'steps in parallel';
      readonly parts: readonly Ending[];
    }
  | { readonly kind: 'race' | 'any' | 'by hand'; readonly end: Ending; readonly waits: readonly Waiting[] }
  | {
      readonly kind: 'forgotten' | 'interval' | 'listener' | 'weakly kept';
      readonly end: Ending;
      readonly wait: Waiting;
    }
  | { readonly kind: 'event' | 'step' | 'kept' | 'abort signal'; readonly end: Ending }
  | { readonly kind: 'mutex' | 'semaphore' | 'released elsewhere'; readonly lock: number; readonly end: Ending };

/** Waits for its own gate, and ends when that is open. */
export type Waiting = { readonly kind: 'gate' | 'then' | 'new promise' | 'all' | 'loopback' };

interface Around {
  readonly gate: SmallGate<unknown>;
  readonly boot: Boot;
}

const mutexes = [0, 1, 2].map((n) => traceMutex(new Mutex(), `mutex ${n}`, { stallAfterMs: 150 }));
const semaphores = [0, 1, 2].map((n) => traceSemaphore(new Semaphore(2), `semaphore ${n}`, { stallAfterMs: 150 }));

async function play(ending: Ending, around: Around): Promise<unknown> {
  const { gate, boot } = around;
  const inner = (part: Ending): Promise<unknown> => play(part, around);
  const waiting = (wait: Waiting): Promise<unknown> => waitFor(wait, gate);
  switch (ending.kind) {
    case 'timer':
      return after(ending.ms);
    case 'all':
      return Promise.all(ending.parts.map(inner));
    case 'allSettled':
      return Promise.allSettled(ending.parts.map(inner));
    case 'one after another':
      for (const part of ending.parts) await inner(part);
      return undefined;
    case 'steps in parallel':
      return Promise.all(ending.parts.map((part, n) => boot.step(`part ${n}`, () => inner(part))));
    case 'race':
      return Promise.race([...ending.waits.map(waiting), inner(ending.end)]);
    case 'any':
      return Promise.any([...ending.waits.map(waiting), inner(ending.end)]);
    case 'by hand':
      return new Promise((resolve, reject) => {
        for (const wait of ending.waits) waiting(wait).then(resolve, reject);
        inner(ending.end).then(resolve, reject);
      });
    case 'forgotten':
      void waiting(ending.wait);
      return inner(ending.end);
    case 'interval': {
      const timer = setInterval(() => void waiting(ending.wait), 70);
      return inner(ending.end).finally(() => clearInterval(timer));
    }
    case 'listener': {
      const emitter = new EventEmitter().on('message', () => void waiting(ending.wait));
      setTimeout(() => emitter.emit('message'), 20);
      return inner(ending.end);
    }
    case 'weakly kept': {
      const key = {};
      kept.push(key, new WeakMap([[key, waiting(ending.wait)]]));
      return inner(ending.end);
    }
    case 'event': {
      const emitter = new EventEmitter();
      void inner(ending.end).then(() => emitter.emit('end'));
      return once(emitter, 'end');
    }
    case 'step':
      return boot.step('step', () => inner(ending.end));
    case 'kept': {
      const promise = inner(ending.end);
      kept.push(promise);
      return promise;
    }
    case 'abort signal': {
      const controller = new AbortController();
      void inner(ending.end).then(() => controller.abort());
      return new Promise((resolve) => controller.signal.addEventListener('abort', resolve));
    }
    case 'mutex':
      return mutexes[ending.lock]!.runExclusive(() => after(20)).then(() => inner(ending.end));
    case 'semaphore':
      return semaphores[ending.lock]!.runExclusive(() => after(30)).then(() => inner(ending.end));
    case 'released elsewhere': {
      const mutex = traceMutex(new Mutex(), 'elsewhere', { stallAfterMs: 60 });
      const release = await mutex.acquire();
      kept.push(inner(ending.end).then(ending.lock === 0 ? () => mutex.release() : release));
      return mutex.runExclusive(() => {});
    }
  }
}

function waitFor({ kind }: Waiting, gate: SmallGate<unknown>): Promise<unknown> {
  switch (kind) {
    case 'gate':
      return deep(gate);
    case 'then':
      return gate.ensureReady().then((value) => value);
    case 'new promise':
      return new Promise((resolve, reject) => void gate.ensureReady().then(resolve, reject));
    case 'all':
      return Promise.all([deep(gate), after(1)]);
    case 'loopback': {
      const client: { onResponse?: () => void } = {};
      kept.push(client);
      void gate.hold(client).then(() => client.onResponse?.());
      return new Promise<void>((resolve) => (client.onResponse = resolve));
    }
  }
}

if (process.argv[3] === 'large-heap') setProofHeapLimit(0);
const endings = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Ending[];
const warnings: string[] = [];
process
  .removeAllListeners('warning')
  .on('warning', (warning) => warnings.push(String((warning as { code?: string }).code)));

void Promise.all(
  endings.map(async (ending, n) => {
    const gate: SmallGate<unknown> = smallGate(`gate ${n}`, (boot) => play(ending, { gate, boot }));
    const outcome = await Promise.race([gate.ensureReady().then(() => 'opens', String), after(40_000, 'hangs')]);
    return { n, outcome, verdicts: gate.verdicts.length };
  }),
).then((outcomes) => {
  for (const outcome of outcomes) print(outcome);
  print({ warnings: warnings.filter((code) => code !== 'GATE_LOCK_STALLED' && code !== 'GATE_LOCK_LOST') });
  process.exit();
});
