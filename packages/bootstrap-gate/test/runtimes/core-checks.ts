/** What a gate without HTTP does on every runtime. It uses what applications use, and of Node's modules only `assert`, async hooks and channels. */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { Mutex } from 'async-mutex';
import { traceMutex } from '@bootstrap-gate/deadlock';
import { createGate, type Gate, type GateError, type GateReport, isGateError, plan } from '../../src/index.js';
import { deferred, rejection, turns, warningsDuring } from './support.js';

export interface CoreCheck {
  /** The rule, and a letter where a rule has several checks. */
  readonly id: string;
  readonly title: string;
  readonly run: () => Promise<void>;
}

const check = (id: string, title: string, run: () => Promise<void>): CoreCheck => ({ id, title, run });

/** As stacks call it: from the sources, bundled, or in a worker. */
const thisFile = /core-checks\.ts|program\.mjs|worker\.mjs/;

const code = (error: unknown): string | undefined => (isGateError(error) ? error.code : undefined);

export const coreChecks: readonly CoreCheck[] = [
  check('A1a', 'a hundred callers share one flight', async () => {
    let runs = 0;
    const gate = createGate({ bootstrap: () => turns(1).then(() => ({ run: ++runs })) });
    const values = await Promise.all(Array.from({ length: 100 }, () => gate.ensureReady()));
    assert.equal(runs, 1);
    assert.equal(new Set(values).size, 1);
  }),

  check('A2', 'a wrapped function is called in the same tick once the gate is open', async () => {
    const gate = createGate({ bootstrap: () => 'value' });
    await gate.ensureReady();
    let called = false;
    const result = gate.wrap(() => (called = true))();
    assert.equal(called, true);
    assert.equal(await result, true);
  }),

  check('A3a', 'each waiter of a failed flight gets an error of its own with the cause', async () => {
    const cause = new Error('no database');
    const gate = createGate({ bootstrap: () => Promise.reject(cause) });
    const [first, second] = await Promise.all([rejection(gate.ensureReady()), rejection(gate.ensureReady())]);
    assert.equal(code(first), 'ERR_GATE_BOOTSTRAP_FAILED');
    assert.notEqual(first, second);
    assert.equal((first as GateError).cause, cause);
    assert.equal((second as GateError).cause, cause);
  }),

  check('A3b', 'a failure is not remembered after the cooldown', async () => {
    let runs = 0;
    const bootstrap = (): number => {
      if (++runs === 1) throw new Error('the first fails');
      return runs;
    };
    const gate = createGate({ bootstrap, cooldownMs: 0 });
    await rejection(gate.ensureReady());
    await turns(1); // meanwhile it is rolled back
    assert.equal(await gate.ensureReady(), 2);
  }),

  check('A4a', 'the late value of a step that timed out is handed to its stop', async () => {
    const late = deferred<string>();
    const stopped = deferred<string>();
    const gate = createGate({
      bootstrap: (boot) => boot.step('slow', () => late.promise, { timeoutMs: 5, stop: stopped.resolve }),
    });
    const { cause } = (await rejection(gate.ensureReady())) as GateError;
    assert.equal(code(cause), 'ERR_GATE_STEP_TIMEOUT');
    late.resolve('late');
    assert.equal(await stopped.promise, 'late');
  }),

  check('A6', 'the bootstrap runs outside the context of its caller, who goes on in his own', async () => {
    const stores = new AsyncLocalStorage<string>();
    const gate = createGate({ bootstrap: () => turns(1).then(() => stores.getStore()) });
    const [inside, after] = await stores.run('request', async () => [await gate.ensureReady(), stores.getStore()]);
    assert.equal(inside, undefined);
    assert.equal(after, 'request');
  }),

  check('A7', 'the flight goes on when the caller who started it aborts', async () => {
    const work = deferred<string>();
    const gate = createGate({ bootstrap: () => work.promise });
    const controller = new AbortController();
    const first = rejection(gate.ensureReady({ signal: controller.signal }));
    const second = gate.ensureReady();
    controller.abort(new Error('left'));
    assert.equal(((await first) as Error).message, 'left');
    work.resolve('done');
    assert.equal(await second, 'done');
  }),

  check('A8', 'a failed flight that no caller awaited is a warning, not an unhandled rejection', async () => {
    const warnings = await warningsDuring(async () => {
      const gate = createGate({ bootstrap: () => Promise.reject(new Error('eager')), eager: true });
      while (gate.state === 'booting') await turns(1);
      await turns(3);
    });
    assert.deepEqual(warnings, ['GATE_FLIGHT_FAILED']);
  }),

  check('A9', 'a failed bootstrap is rolled back in reverse order of completion', async () => {
    const order: string[] = [];
    const gate = createGate({
      bootstrap: async (boot) => {
        await boot.step('one', () => 1, { stop: () => order.push('one') });
        await boot.step('two', () => 2, { stop: () => order.push('two') });
        throw new Error('after both');
      },
    });
    await rejection(gate.ensureReady());
    await gate.close();
    assert.deepEqual(order, ['two', 'one']);
  }),

  check('A10', 'an eager bootstrap is called before the creating call returns', async () => {
    let called = false;
    const gate = createGate({ bootstrap: () => (called = true), eager: true });
    assert.equal(called, true);
    await gate.ensureReady();
  }),

  check('A11', 'a caller with a time limit is denied at its end', async () => {
    const work = deferred<void>();
    const gate = createGate({ bootstrap: () => work.promise });
    assert.equal(code(await rejection(gate.ensureReady({ timeoutMs: 5 }))), 'ERR_GATE_WAIT_TIMEOUT');
    work.resolve();
    await gate.ensureReady();
  }),

  check('A12', 'close denies those who wait, and calls the stop of what was ready', async () => {
    const gate = createGate({ bootstrap: () => new Promise<void>(() => {}) });
    const waiting = rejection(gate.ensureReady());
    void gate.close();
    assert.equal(code(await waiting), 'ERR_GATE_CLOSED');
    let stopped: unknown;
    const open = createGate({ bootstrap: { run: () => 'value', stop: (value) => (stopped = value) } });
    await open.ensureReady();
    await open.close();
    assert.equal(stopped, 'value');
  }),

  check('A4b', 'a flight that takes too long fails with its time limit', async () => {
    const gate = createGate({
      bootTimeoutMs: 5,
      bootstrap: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)),
    });
    assert.equal(code(await rejection(gate.ensureReady())), 'ERR_GATE_BOOTSTRAP_TIMEOUT');
  }),

  check('A1b', 'the attempts of one flight are repeated after delays', async () => {
    const attempts: number[] = [];
    const gate = createGate({
      retry: { attempts: 3, delayMs: 1 },
      bootstrap: ({ attempt }) => {
        attempts.push(attempt);
        if (attempt < 3) throw new Error('again');
        return attempt;
      },
    });
    assert.equal(await gate.ensureReady(), 3);
    assert.deepEqual(attempts, [1, 2, 3]);
  }),

  check('F1', 'without a bootstrap the first call of a wrapped function passes alone', async () => {
    const gate = createGate();
    const first = deferred<string>();
    const order: string[] = [];
    const wrapped = gate.wrap(async (name: string) => {
      order.push(name);
      return name === 'first' ? await first.promise : name;
    });
    const calls = [wrapped('first'), wrapped('second')];
    await turns(3);
    assert.deepEqual(order, ['first']);
    first.resolve('first');
    assert.deepEqual(await Promise.all(calls), ['first', 'second']);
  }),

  check('D1a', 'a bootstrap that awaits its own gate is refused, and the verdict names the place', async () => {
    const gate: Gate<unknown> = createGate<unknown>({
      name: 'self',
      bootstrap: (boot) => {
        const step = boot.step('wait', async () => {
          const wait = gate.ensureReady();
          return await wait;
        });
        return step.finally(() => {});
      },
    });
    const verdict = verdictOf(await rejection(gate.ensureReady()));
    assert.match(verdict?.cycle.map(({ owner }) => owner).join() ?? '', /step "wait" of gate "self"/);
    for (const { at } of verdict?.cycle ?? []) assert.match(at, thisFile);
  }),

  check('D6b', 'a place never names a file of the gate, also where tail calls hide the frame of its user', async () => {
    const gate: Gate<string> = createGate<string>({
      bootstrap: (boot) => boot.step('tail', () => boot.step('inner', () => turns(1).then(() => report()))),
    });
    const report = (): string =>
      gate
        .report()
        .attempts.flatMap(({ steps }) => steps.map(({ at }) => at))
        .join();
    assert.doesNotMatch(await gate.ensureReady(), /bootstrap-gate\/(src|dist)\//);
  }),

  check('D1b', 'two gates that await each other are refused', async () => {
    const bothStarted = deferred<void>();
    const first: Gate<unknown> = createGate<unknown>({
      name: 'first',
      bootstrap: () => bothStarted.promise.then(() => second.ensureReady()),
    });
    const second: Gate<unknown> = createGate<unknown>({
      name: 'second',
      bootstrap: () => {
        bothStarted.resolve();
        return turns(2).then(() => first.ensureReady());
      },
    });
    const errors = await Promise.all([rejection(first.ensureReady()), rejection(second.ensureReady())]);
    const verdicts = errors.map((error) => verdictOf(error));
    assert.ok(verdicts.some((found) => found !== undefined));
  }),

  check('D1c', 'two traced mutexes that are taken crosswise are refused', async () => {
    const [a, b] = [traceMutex(new Mutex(), 'a'), traceMutex(new Mutex(), 'b')];
    const meet = deferred<void>();
    const one = a.runExclusive(() => meet.promise.then(() => b.runExclusive(() => 'one')));
    const other = b.runExclusive(async () => {
      meet.resolve();
      await turns(2);
      return await a.runExclusive(() => 'other');
    });
    const outcomes = await Promise.allSettled([one, other]);
    assert.ok(outcomes.some(({ status }) => status === 'rejected'));
  }),

  check('D4', 'a lock order that could deadlock is reported although it never did', async () => {
    const [a, b] = [traceMutex(new Mutex(), 'order a'), traceMutex(new Mutex(), 'order b')];
    const warnings = await warningsDuring(async () => {
      await a.runExclusive(() => b.runExclusive(() => {}));
      await b.runExclusive(() => a.runExclusive(() => {}));
      await turns(3);
    });
    assert.deepEqual(warnings, ['GATE_LOCK_ORDER']);
  }),

  check('D7', 'a step whose promise nothing can settle any more fails with a proven verdict', async () => {
    const gate = createGate({ stallAfterMs: 20, bootstrap: (boot) => boot.step('lost', () => new Promise(() => {})) });
    const verdict = verdictOf(await rejection(gate.ensureReady()));
    assert.equal(verdict?.certainty, 'proven');
  }),

  check('D6a', 'a flight that stalls is reported with the step that is pending', async () => {
    const work = deferred<void>();
    const codes = await warningsDuring(async (seen) => {
      const gate = createGate({ stallAfterMs: 5, bootstrap: (boot) => boot.step('pending', () => work.promise) });
      const ready = gate.ensureReady();
      while (seen.length === 0) await turns(1);
      work.resolve();
      await ready;
    });
    assert.deepEqual(codes, ['GATE_STALLED']);
  }),

  check('G2', 'a plan starts each step as soon as its needs are met', async () => {
    const both = deferred<void>();
    let begun = 0;
    const meet = async (): Promise<number> => {
      if (++begun === 2) both.resolve();
      await both.promise;
      return begun;
    };
    const boot = plan()
      .step('a', meet)
      .step('b', meet)
      .step('sum', ['a', 'b'], ({ a, b }) => a + b);
    const gate = createGate({ bootstrap: boot });
    assert.equal((await gate.ensureReady()).sum, 4);
  }),

  check('P1', 'a report is serialisable at any moment', async () => {
    const gate: Gate<string> = createGate<string>({
      name: 'told',
      bootstrap: (boot) => boot.step('inside', () => JSON.stringify(gate.report())),
    });
    const during = JSON.parse(await gate.ensureReady()) as GateReport;
    assert.equal(during.attempts[0]?.steps[0]?.state, 'running');
    assert.equal(gate.report().attempts[0]?.steps[0]?.state, 'done');
  }),

  check('P2', 'what a gate does is published on channels', async () => {
    const types: string[] = [];
    subscribe('bootstrap-gate.state', (message) => types.push((message as { type: string; gate: string }).gate));
    await createGate({ name: 'published', bootstrap: () => {} }).ensureReady();
    assert.ok(types.includes('published'));
  }),
];

function verdictOf(error: unknown): GateError['verdict'] {
  for (let at: unknown = error; isGateError(at); at = at.cause) if (at.verdict) return at.verdict;
  return undefined;
}
