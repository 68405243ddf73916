/** Gates that only themselves could open. Each name says what is special about it. */
import { after, deep, kept, runShapes, type Shape } from './shapes.js';
import { smallGate, type SmallGate } from './small-gate.js';

const self = (bootstrap: (gate: SmallGate<unknown>) => Promise<unknown>): SmallGate<unknown> => {
  const gate: SmallGate<unknown> = smallGate('shop', () => bootstrap(gate));
  return gate;
};

const shapes: Record<string, Shape> = {
  'its own gate': () => self((gate) => gate.ensureReady()),
  'its own gate, deep inside': () => self(async (gate) => deep(gate)),
  'its own gate, later': () => self((gate) => after(30).then(() => deep(gate))),
  'its own gate, by then()': () =>
    self((gate) => new Promise((resolve, reject) => void gate.ensureReady().then(resolve, reject))),
  'its own gate, with what will be done by itself': () => self((gate) => Promise.all([deep(gate), after(5)])),
  'its own gate, whatever the result': () => self((gate) => Promise.allSettled([deep(gate), after(5)])),
  'its own gate twice, whichever is first': () => self((gate) => Promise.race([deep(gate), deep(gate)])),
  'its own gate twice, any of them': () => self((gate) => Promise.any([deep(gate), deep(gate)])),
  'its own gate, in finally()': () => self((gate) => after(1).finally(() => deep(gate))),
  'its own gate, in an async iterator': () =>
    self(async (gate) => {
      async function* values(): AsyncGenerator<unknown> {
        yield await deep(gate);
      }
      for await (const value of values()) return value;
      return undefined;
    }),
  'two gates': () => {
    const a: SmallGate<unknown> = smallGate('shop', () => after(2).then(() => deep(b)));
    const b: SmallGate<unknown> = smallGate('stock', () => after(2).then(() => deep(a)));
    b.ensureReady().catch(() => {});
    return a;
  },
  'three gates': () => {
    const a: SmallGate<unknown> = smallGate('shop', () => deep(b));
    const b: SmallGate<unknown> = smallGate('stock', () => deep(c));
    const c: SmallGate<unknown> = smallGate('prices', () => deep(a));
    return a;
  },
  'a step': () => {
    const gate: SmallGate<unknown> = smallGate('shop', async (boot) => boot.step('load', () => deep(gate)));
    return gate;
  },
  'a step in a step': () => {
    const gate: SmallGate<unknown> = smallGate('shop', async (boot) =>
      boot.step('outer', async () => boot.step('inner', () => deep(gate))),
    );
    return gate;
  },
  'a step beside another': () => {
    const gate: SmallGate<unknown> = smallGate('shop', async (boot) =>
      Promise.all([boot.step('load', () => deep(gate)), boot.step('other', () => after(10))]),
    );
    return gate;
  },
  'a request of its own': () => {
    const gate: SmallGate<unknown> = smallGate('shop', (boot) =>
      boot.step('warm up', () => {
        const client: { onResponse?: () => void } = {};
        kept.push(client);
        const respond = (): void => client.onResponse?.();
        gate.hold(client).then(respond, respond);
        return new Promise<void>((resolve) => (client.onResponse = resolve));
      }),
    );
    return gate;
  },
  'two requests of its own, and one that nobody awaits': () => {
    const request = (): Promise<void> => {
      const client: { onResponse?: () => void } = {};
      kept.push(client);
      const respond = (): void => client.onResponse?.();
      gate.hold(client).then(respond, respond);
      return new Promise<void>((resolve) => (client.onResponse = resolve));
    };
    const gate: SmallGate<unknown> = smallGate('shop', async () => {
      void request();
      await Promise.all([request(), request()]);
    });
    return gate;
  },
  'two steps': () =>
    smallGate('shop', async (boot) => {
      const first: Promise<unknown> = boot.step('first', async () => {
        await after(1);
        await second;
      });
      const second: Promise<unknown> = boot.step('second', async () => {
        await first;
      });
      await Promise.all([first, second]);
    }),
};

/** The program keeps the promises; nothing can be collected then. */
const keptShapes: Record<string, Shape> = {
  'its own gate, every promise kept': () =>
    self(async (gate) => {
      const own = gate.ensureReady();
      const derived = own.then((value) => value);
      const made = new Promise((resolve, reject) => void derived.then(resolve, reject));
      kept.push(own, derived, made);
      await made;
    }),
};

/** A request is kept by Node, and is proven by a snapshot alone. */
const isOfRequests = (shape: string): boolean => shape.includes('request');
const collectable = Object.fromEntries(Object.entries(shapes).filter(([shape]) => !isOfRequests(shape)));

void runShapes(process.argv[2] === 'large-heap' ? collectable : { ...shapes, ...keptShapes });
