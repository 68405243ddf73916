/** Broken gates, to see that the races notice: a suite that cannot fail shows nothing. */
import fc from 'fast-check';
import type { Bootstrap, Boot, BootstrapObject, GateOptions, StepOptions } from '../../src/index.js';
import { HeldRequest } from '../../src/gate/held-request.js';
import { flightPlot, pilotPlot } from './plot.js';
import type { Value } from './run-book.js';
import { silenceWarnings } from './runs.js';
import { type Sabotage, World } from './world.js';

silenceWarnings();

type Run = BootstrapObject<Value | undefined>['run'];
type Options = GateOptions<Value | undefined>;

const withRun = (change: (run: Run) => Run): Sabotage => ({
  options(options: Options): Options {
    const bootstrap = options.bootstrap as BootstrapObject<Value | undefined>;
    const broken: Bootstrap<Value | undefined> = { ...bootstrap, run: change(bootstrap.run) };
    return { ...options, bootstrap: broken };
  },
});

const withStop = (change: (stop: (value: unknown) => unknown) => ((value: unknown) => unknown) | undefined): Sabotage =>
  withRun((run) => (boot) => {
    const step = (name: string, fn: never, options: StepOptions<unknown>) =>
      boot.step(name, fn, { ...options, stop: options.stop && change(options.stop) });
    return run({ ...boot, step } as Boot);
  });

const sabotages: [title: string, rule: RegExp, plot: typeof flightPlot, sabotage: Sabotage][] = [
  [
    'a denial is lost',
    /A11/,
    flightPlot,
    {
      gate({ queue }) {
        const denyAll = queue.denyAll.bind(queue);
        queue.denyAll = (error) => {
          for (const waiter of queue) {
            queue.take(waiter);
            break;
          }
          return denyAll(error);
        };
      },
    },
  ],
  [
    'a place is not given back',
    /H2|P1/,
    flightPlot,
    {
      gate({ queue }) {
        const take = queue.take.bind(queue);
        queue.take = (waiter) => {
          if (waiter instanceof HeldRequest) waiter.door.leave = () => {};
          return take(waiter);
        };
      },
    },
  ],
  [
    'the last who came is the first who is let in',
    /H4/,
    flightPlot,
    {
      gate({ queue }) {
        queue.release = (isOpen) => {
          for (const waiter of [...queue].reverse()) if (isOpen() && queue.take(waiter)) waiter.admit();
        };
      },
    },
  ],
  [
    'a guest is let in twice',
    /A11/,
    flightPlot,
    {
      gate({ queue }) {
        queue.release = (isOpen) => {
          for (const waiter of queue) {
            if (!isOpen() || !queue.take(waiter)) continue;
            waiter.admit();
            if (isOpen()) waiter.admit();
          }
        };
      },
    },
  ],
  [
    'a release is forgotten',
    /A11/,
    flightPlot,
    {
      gate({ queue }) {
        queue.release = () => {};
      },
    },
  ],
  [
    'a closed gate admits',
    /A12/,
    flightPlot,
    {
      gate(gate) {
        const passage = gate.passage.bind(gate);
        gate.passage = (...asked) => (gate.state === 'closed' ? { kind: 'admit' } : passage(...asked));
      },
    },
  ],
  [
    'a change of state is not told',
    /onChange/,
    flightPlot,
    {
      gate(gate) {
        const onChange = gate.onChange.bind(gate);
        gate.onChange = (listener) => onChange((state, previous) => state !== 'failed' && listener(state, previous));
      },
    },
  ],
  [
    'a caller is never told that it has waited long enough',
    /A7, A11/,
    flightPlot,
    {
      gate({ queue }) {
        const join = queue.join.bind(queue);
        queue.join = (waiter) => {
          if (waiter.hearsCause) waiter.leave(); // its timer and its signal
          join(waiter);
        };
      },
    },
  ],
  [
    'the bootstrap runs twice at a time',
    /A1/,
    flightPlot,
    withRun((run) => (boot) => {
      const another = async (): Promise<unknown> => run(boot);
      another().catch(() => {});
      return run(boot);
    }),
  ],
  [
    'an old value is published',
    /A4|A9/,
    flightPlot,
    withRun((run) => {
      let first: Value | undefined;
      return async (boot) => {
        const value = await run(boot);
        return (first ??= value);
      };
    }),
  ],
  ['a step is never stopped', /A9/, flightPlot, withStop(() => undefined)],
  ['a step is stopped twice', /A9/, flightPlot, withStop((stop) => async (value) => (await stop(value), stop(value)))],
  [
    'one more pilot has to succeed',
    /F2/,
    pilotPlot,
    { options: (options) => ({ ...options, firstRequests: (options.firstRequests ?? 1) + 1 }) },
  ],
  [
    'others pass while a pilot runs',
    /A2|A4/,
    pilotPlot,
    {
      gate(gate) {
        const passage = gate.passage.bind(gate);
        gate.passage = (...asked) => (gate.state === 'booting' ? { kind: 'admit' } : passage(...asked));
      },
    },
  ],
];

test.each(sabotages)('notices that %s', async (_title, rule, plot, sabotage) => {
  const found = await fc.check(
    fc.asyncProperty(plot, fc.scheduler(), (one, scheduler) => new World(one, scheduler, sabotage).play()),
    { numRuns: 300, endOnFailure: true, seed: 18251 },
  );
  expect(String((found.errorInstance as Error | null)?.message)).toMatch(rule);
});
