/** What ends a wait is in this process: emitters, signals, timers, streams, channels. */
import { channel } from 'node:diagnostics_channel';
import { EventEmitter, on, once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn, setInterval as interval, setTimeout as later } from 'node:timers/promises';
import { BroadcastChannel, MessageChannel, type MessagePort } from 'node:worker_threads';
import { aborted } from 'node:util';
import { deliveryOf, type Suspect } from './support.js';

afterEach(() => jest.restoreAllMocks());

/** A value that somebody polls for. */
const flag = (): { isSet: boolean } => ({ isSet: false });

const onAbort = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve('done'), { once: true }));

const emitters: [string, () => Suspect][] = [
  [
    'once() of an emitter that is alive',
    () => {
      const emitter = new EventEmitter();
      return {
        step: async () => ((await once(emitter, 'up')) as string[])[0],
        settle: () => emitter.emit('up', 'done'),
      };
    },
  ],
  [
    'on() of an emitter that is alive',
    () => {
      const emitter = new EventEmitter();
      const step = async (): Promise<unknown> => {
        for await (const [value] of on(emitter, 'up') as AsyncIterable<[string]>) if (value === 'done') return value;
        return undefined;
      };
      return { step, settle: () => emitter.emit('up', 'done') };
    },
  ],
  [
    'an event target',
    () => {
      const target = new EventTarget();
      const step = (): Promise<string> =>
        new Promise((resolve) => target.addEventListener('up', () => resolve('done')));
      return { step, settle: () => target.dispatchEvent(new Event('up')) };
    },
  ],
  [
    'a diagnostics channel',
    () => {
      const name = 'deadlock-test.innocent';
      const step = (): Promise<unknown> => new Promise((resolve) => channel(name).subscribe(resolve));
      return { step, settle: () => channel(name).publish('done') };
    },
  ],
];

const signals: [string, () => Suspect][] = [
  [
    'an AbortSignal and nothing else',
    () => {
      const controller = new AbortController();
      return { step: () => onAbort(controller.signal), settle: () => controller.abort() };
    },
  ],
  [
    'AbortSignal.any',
    () => {
      const controller = new AbortController();
      const step: Suspect['step'] = ({ signal }) => onAbort(AbortSignal.any([signal, controller.signal]));
      return { step, settle: () => controller.abort() };
    },
  ],
  ['AbortSignal.timeout', () => ({ step: () => onAbort(AbortSignal.timeout(100)) })],
  [
    'util.aborted',
    () => {
      const controller = new AbortController();
      const resource = { it: 'is alive' };
      const step = async (): Promise<string> => {
        await aborted(controller.signal, resource);
        return 'done';
      };
      return { step, settle: () => controller.abort(resource) };
    },
  ],
];

const timers: [string, () => Suspect][] = [
  ['setTimeout', () => ({ step: () => new Promise((resolve) => setTimeout(resolve, 100, 'done')) })],
  [
    'a timer that is not waited for',
    () => ({ step: () => new Promise((done) => setTimeout(done, 100, 'done').unref()) }),
  ],
  ['a timer of node:timers/promises', () => ({ step: () => later(100, 'done') })],
  [
    'a poll by setInterval that ends',
    () => {
      const wanted = flag();
      const step = (): Promise<string> =>
        new Promise((resolve) => {
          const timer = setInterval(() => {
            if (!wanted.isSet) return;
            clearInterval(timer);
            resolve('done');
          }, 1);
        });
      return { step, settle: () => (wanted.isSet = true) };
    },
  ],
  [
    'a poll by an interval of node:timers/promises',
    () => {
      const wanted = flag();
      const step = async (): Promise<string> => {
        for await (const value of interval(1, 'done')) if (wanted.isSet) return value;
        return 'never';
      };
      return { step, settle: () => (wanted.isSet = true) };
    },
  ],
  [
    'a chain of microtasks in each turn',
    () => {
      const wanted = flag();
      const chain = (links: number, end: () => void): void =>
        links === 0 ? end() : queueMicrotask(() => chain(links - 1, end));
      const step = async (): Promise<string> => {
        while (!wanted.isSet) {
          await new Promise<void>((resolve) => chain(1_000, resolve));
          await nextTurn();
        }
        return 'done';
      };
      return { step, settle: () => (wanted.isSet = true) };
    },
  ],
  [
    'process.nextTick and setImmediate by turns',
    () => {
      const wanted = flag();
      const step = (): Promise<string> =>
        new Promise((resolve) => {
          const look = (): void => (wanted.isSet ? resolve('done') : process.nextTick(() => void setImmediate(look)));
          look();
        });
      return { step, settle: () => (wanted.isSet = true) };
    },
  ],
];

const streams: [string, () => Suspect][] = [
  [
    'a readable stream',
    () => {
      const stream = new Readable({ read() {} });
      const step = async (): Promise<string> => {
        let text = '';
        for await (const part of stream) text += String(part);
        return text;
      };
      return { step, settle: () => (stream.push('done'), stream.push(null)) };
    },
  ],
  [
    'a pipeline',
    () => {
      const source = new PassThrough();
      const step = async (): Promise<string> => {
        await pipeline(source, new PassThrough(), async (parts: AsyncIterable<unknown>) => {
          for await (const _part of parts);
        });
        return 'done';
      };
      return { step, settle: () => source.end('x') };
    },
  ],
  [
    'a line of readline',
    () => {
      const input = new PassThrough();
      const step = async (): Promise<string | undefined> => {
        for await (const line of createInterface({ input })) return line;
        return undefined;
      };
      return { step, settle: () => input.end('done\n') };
    },
  ],
  [
    'a web stream',
    () => {
      const { readable, writable } = new TransformStream<string, string>();
      const step = async (): Promise<unknown> => (await readable.getReader().read()).value;
      return { step, settle: () => void writable.getWriter().write('done') };
    },
  ],
];

const ports: [string, () => Suspect][] = [
  [
    'the other end of a MessageChannel',
    () => {
      let other!: MessagePort;
      const step = (): Promise<unknown> =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel();
          other = port2;
          port1.once('message', resolve);
        });
      const settle = (): void => {
        other.postMessage('done');
        other.close();
      };
      return { step, settle };
    },
  ],
  [
    'a BroadcastChannel',
    () => {
      const name = 'deadlock-test.innocent';
      const step = (): Promise<unknown> =>
        new Promise((resolve) => {
          const here = new BroadcastChannel(name);
          here.onmessage = (event) => {
            here.close();
            resolve((event as { data: unknown }).data);
          };
        });
      const settle = (): void => {
        const there = new BroadcastChannel(name);
        there.postMessage('done');
        there.close();
      };
      return { step, settle };
    },
  ],
  [
    'Atomics.waitAsync',
    () => {
      const cells = new Int32Array(new SharedArrayBuffer(4));
      interface Later {
        readonly value: Promise<string>;
      }
      const { waitAsync } = Atomics as unknown as { waitAsync: (cells: Int32Array, at: number, was: number) => Later };
      const step = async (): Promise<string> => ((await waitAsync(cells, 0, 0).value) === 'ok' ? 'done' : 'failed');
      return { step, settle: () => Atomics.notify(cells, 0) };
    },
  ],
];

const registry = new FinalizationRegistry<(value: string) => void>((resolve) => resolve('done'));
const others: [string, () => Suspect][] = [
  [
    'the end of somebody else’s object',
    () => ({ step: () => new Promise<string>((resolve) => registry.register({ mortal: true }, resolve)) }),
  ],
  [
    'an entry of a WeakMap whose key is alive',
    () => {
      const key = {};
      const waiters = new WeakMap<object, (value: string) => void>();
      const step = (): Promise<string> => new Promise((resolve) => void waiters.set(key, resolve));
      return { step, settle: () => waiters.get(key)?.('done') };
    },
  ],
];

test.each([...emitters, ...signals, ...timers, ...streams, ...ports, ...others])(
  'D7: a step that waits for %s is not accused, and delivers',
  async (_what, suspect) => {
    expect(await deliveryOf(suspect())).toBe('done');
  },
);
