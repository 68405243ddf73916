/** Gates that open by themselves, although a wait for them began inside their bootstrap. */
import { EventEmitter, once } from 'node:events';
import { createServer, connect } from 'node:net';
import { after, deep, kept, runShapes, type Shape } from './shapes.js';
import { type Boot, smallGate, type SmallGate } from './small-gate.js';

const self = (bootstrap: (gate: SmallGate<unknown>, boot: Boot) => Promise<unknown>): SmallGate<unknown> => {
  const gate: SmallGate<unknown> = smallGate('shop', (boot) => bootstrap(gate, boot));
  return gate;
};

/** Later than the first two looks. */
const LATER = 400;

const shapes: Record<string, Shape> = {
  'a race with a timer': () => self((gate) => Promise.race([deep(gate), after(LATER)])),
  'a race with a timer, in a step': () =>
    self((gate, boot) => boot.step('load', () => Promise.race([deep(gate), after(LATER)]))),
  'the first of any': () => self((gate) => Promise.any([deep(gate), after(LATER)])),
  'a promise that a timer resolves as well': () =>
    self(
      (gate) =>
        new Promise((resolve, reject) => {
          deep(gate).then(resolve, reject);
          setTimeout(resolve, LATER);
        }),
    ),
  'a refresh that nobody awaits': () =>
    self(async (gate) => {
      void deep(gate);
      await after(LATER);
    }),
  'an interval': () =>
    self(async (gate) => {
      const timer = setInterval(() => void deep(gate).then(() => clearInterval(timer)), 30);
      await after(LATER);
    }),
  'a consumer': () =>
    self(async (gate) => {
      const queue = new EventEmitter();
      queue.on('message', () => void deep(gate));
      const timer = setInterval(() => queue.emit('message'), 50);
      await after(LATER);
      clearInterval(timer);
    }),
  'the data of a socket': () =>
    self(async (gate) => {
      const server = createServer((socket) => {
        socket.write('hello');
        setTimeout(() => socket.end('bye'), LATER);
      });
      server.listen(0);
      await once(server, 'listening');
      const socket = connect((server.address() as { port: number }).port);
      socket.on('data', () => void deep(gate));
      await once(socket, 'close');
      server.close();
    }),
  'a race with an event': () =>
    self((gate) => {
      const emitter = new EventEmitter();
      kept.push(emitter);
      setTimeout(() => emitter.emit('done'), LATER);
      return Promise.race([deep(gate), once(emitter, 'done')]);
    }),
  'a resolver that somebody keeps': () =>
    self((gate) => {
      let release: (value?: unknown) => void = () => {};
      const opened = new Promise((resolve) => (release = resolve));
      const holder = { release };
      kept.push(holder);
      setTimeout(() => (kept.pop() as typeof holder).release(), LATER);
      return Promise.race([deep(gate), opened]);
    }),
  'an abort signal': () =>
    self((gate) => {
      const signal = AbortSignal.timeout(LATER);
      const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
      return Promise.race([deep(gate), aborted]);
    }),
  'work in parallel that awaits the gate, and that nobody awaits': () =>
    self(async (gate, boot) => {
      void boot.step('load', () => after(LATER));
      void (async () => {
        await deep(gate);
      })();
      await boot.step('other', () => after(LATER / 2));
    }),
  'a weak reference to who waits': () =>
    self(async (gate) => {
      const table = new WeakMap<object, unknown>();
      const key = {};
      kept.push(key, table);
      table.set(key, deep(gate));
      await after(LATER);
    }),
  'a request of its own that nobody awaits': () =>
    self(async (gate) => {
      const client = { onResponse: (): void => {} };
      kept.push(client);
      void gate.hold(client);
      await after(LATER);
    }),
  'a request of its own that is raced': () =>
    self((gate) => {
      const client: { onResponse?: () => void } = {};
      kept.push(client);
      void gate.hold(client);
      return Promise.race([new Promise<void>((resolve) => (client.onResponse = resolve)), after(LATER)]);
    }),
  'two steps that await each other, one for a while': () =>
    self(async (_gate, boot) => {
      const first: Promise<unknown> = boot.step('first', async () => {
        await after(1);
        await Promise.race([second, after(LATER)]);
      });
      const second: Promise<unknown> = boot.step('second', async () => {
        await first;
      });
      await Promise.all([first, second]);
    }),
};

void runShapes(shapes);
