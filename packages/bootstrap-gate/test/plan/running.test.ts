import { createGate } from '../../src/index.js';
import { plan } from '../../src/index.js';
import { aborted, collectWarnings, deferred, rejection, settled, states } from './support.js';

afterEach(() => jest.restoreAllMocks());

test('G2: steps without needs start in the tick in which the plan does', () => {
  const order: string[] = [];
  createGate({
    eager: true,
    bootstrap: plan()
      .step('a', () => order.push('a'))
      .step('b', ['a'], () => order.push('b'))
      .step('c', () => order.push('c')),
  });
  expect(order).toEqual(['a', 'c']);
});

test('G2: a step starts when its last need is met, and waits for nothing else', async () => {
  const [config, database, cache] = [deferred(), deferred(), deferred()];
  const started: string[] = [];
  const note = (name: string, until?: Promise<void>) => (): Promise<void> | undefined => {
    started.push(name);
    return until;
  };
  const gate = createGate({
    bootstrap: plan()
      .step('config', note('config', config.promise))
      .step('cache', note('cache', cache.promise))
      .step('database', ['config'], note('database', database.promise))
      .step('rows', ['database', 'cache'], note('rows'))
      .step('routes', ['config'], note('routes')),
  });
  const value = gate.ensureReady();
  expect(started.splice(0)).toEqual(['config', 'cache']);
  config.resolve();
  await settled();
  expect(started.splice(0)).toEqual(['database', 'routes']);
  database.resolve();
  await settled();
  expect(started).toEqual([]);
  cache.resolve();
  await settled();
  expect(started).toEqual(['rows']);
  await value;
});

test('G2: a failed step aborts those that run, and those that have not begun never do', async () => {
  const cause = new Error('no');
  const begin = deferred();
  const never = jest.fn();
  const reasons: unknown[] = [];
  const gate = createGate({
    bootstrap: plan()
      .step('runs', ({}, { signal }) => aborted(signal).catch((reason) => void reasons.push(reason)))
      .step('fails', () => begin.promise.then(() => Promise.reject(cause)))
      .step('needs the failed one', ['fails'], never)
      .step('needs the aborted one', ['runs'], never),
  });
  const error = rejection(gate.ensureReady());
  begin.resolve();
  expect(await error).toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_FAILED', cause });
  expect(reasons).toEqual([cause]);
  expect(never).not.toHaveBeenCalled();
  expect(states(gate)).toEqual(['runs: aborted', 'fails: failed']);
});

test('G2: the run rejects when all running steps have settled, with the first failure', async () => {
  const first = new Error('first');
  const cleanup = deferred();
  let ended = false;
  const made = plan()
    .step('slow to end', ({}, { signal }) =>
      aborted(signal).catch(async () => {
        await cleanup.promise;
        throw new Error('second');
      }),
    )
    .step('fails', () => Promise.reject(first));
  const gate = createGate({
    bootstrap: async (boot) => {
      const error = await rejection(made.run(boot));
      ended = true;
      return error;
    },
  });
  const value = gate.ensureReady();
  await settled();
  expect(ended).toBe(false);
  cleanup.resolve();
  expect(await value).toBe(first);
});

test('G2: a failure may be anything, also undefined', async () => {
  const gate = createGate({
    bootstrap: (boot) =>
      plan()
        .step('runs', ({}, { signal }) => aborted(signal))
        .step('fails', () => Promise.reject(undefined))
        .run(boot)
        .then(
          () => 'fulfilled',
          (error: unknown) => [error],
        ),
  });
  expect(await gate.ensureReady()).toEqual([undefined]);
});

test('G2: a function that throws at once is a failed step', async () => {
  const cause = new Error('no');
  const other = jest.fn();
  const gate = createGate({
    bootstrap: plan()
      .step('throws', () => {
        throw cause;
      })
      .step('after', ['throws'], other),
  });
  expect(await rejection(gate.ensureReady())).toMatchObject({ cause });
  expect(other).not.toHaveBeenCalled();
});

test('G2, A9: rollback goes against the order of the graph: nothing is stopped before those who need it', async () => {
  const stopped: string[] = [];
  const stop = (value: string): void => void stopped.push(value);
  const slow = deferred<string>();
  const gate = createGate({
    bootstrap: plan()
      .step('config', () => 'config', { stop })
      .step('database', ['config'], async () => 'database', { stop })
      .step('cache', ['config'], () => slow.promise, { stop })
      .step('migrations', ['database'], () => 'migrations', { stop })
      .step('api', ['migrations', 'cache'], () => 'api', { stop }),
  });
  const value = gate.ensureReady();
  await settled();
  slow.resolve('cache');
  await value;
  await gate.close();
  expect(stopped).toEqual(['api', 'cache', 'migrations', 'database', 'config']);
});

test('G2, A9: what completed before a failure is undone, in the same order', async () => {
  const stopped: string[] = [];
  const stop = (value: string): void => void stopped.push(value);
  const gate = createGate({
    bootstrap: plan()
      .step('config', () => 'config', { stop })
      .step('database', ['config'], () => 'database', { stop })
      .step('api', ['database'], () => Promise.reject(new Error('no')), { stop: () => stopped.push('api') }),
  });
  await rejection(gate.ensureReady());
  await settled();
  expect(stopped).toEqual(['database', 'config']);
});

test('G1: a retry of the flight runs the whole plan anew, after the rollback of the first attempt', async () => {
  const log: string[] = [];
  let attempt = 0;
  const gate = createGate({
    retry: { attempts: 2, delayMs: 0 },
    bootstrap: plan()
      .step('config', () => log.push(`config ${++attempt}`), { stop: () => void log.push('stop config') })
      .step('api', ['config'], () => {
        log.push(`api ${attempt}`);
        if (attempt === 1) throw new Error('no');
      }),
  });
  await gate.ensureReady();
  expect(log).toEqual(['config 1', 'api 1', 'stop config', 'config 2', 'api 2']);
});

test('G1: a reset and a new flight run the plan anew', async () => {
  let runs = 0;
  const gate = createGate({ bootstrap: plan().step('count', () => ++runs) });
  expect(await gate.ensureReady()).toEqual({ count: 1 });
  await gate.reset();
  expect(await gate.ensureReady()).toEqual({ count: 2 });
});

test('G1: retry repeats one step, with the same needs', async () => {
  const seen: unknown[] = [];
  const gate = createGate({
    bootstrap: plan()
      .step('config', () => 'config')
      .step(
        'database',
        ['config'],
        (needs, { attempt }) => {
          seen.push([attempt, { ...needs }]);
          needs.config = 'spoilt';
          if (attempt < 3) throw new Error('again');
          return 'database';
        },
        { retry: { attempts: 3, delayMs: 0 } },
      ),
  });
  expect(await gate.ensureReady()).toEqual({ config: 'config', database: 'database' });
  expect(seen).toEqual([1, 2, 3].map((attempt) => [attempt, { config: 'config' }]));
});

test('G1: a step that exceeds its time limit fails the plan; a late value goes to its stop', async () => {
  const late = deferred<string>();
  const stopped = deferred<string>();
  const never = jest.fn();
  const gate = createGate({
    bootstrap: plan()
      .step('slow', () => late.promise, { timeoutMs: 1, stop: (value) => stopped.resolve(value) })
      .step('after', ['slow'], never),
  });
  expect(await rejection(gate.ensureReady())).toMatchObject({ cause: { code: 'ERR_GATE_STEP_TIMEOUT' } });
  late.resolve('late');
  expect(await stopped.promise).toBe('late');
  expect(never).not.toHaveBeenCalled();
});

test('G1: an optional step that fails gives undefined to those who need it', async () => {
  const gate = createGate({
    bootstrap: plan()
      .step('cache', (): string => fail(), { optional: true })
      .step('api', ['cache'], ({ cache = 'no cache' }) => cache),
  });
  expect(await gate.ensureReady()).toStrictEqual({ cache: undefined, api: 'no cache' });
  expect(states(gate)).toEqual(['cache: failed', 'api: done']);
});

test('G2: an optional step does not keep a failing plan going', async () => {
  const cause = new Error('no');
  const never = jest.fn();
  const gate = createGate({
    bootstrap: plan()
      .step('cache', ({}, { signal }) => aborted(signal), { optional: true })
      .step('fails', () => Promise.reject(cause))
      .step('after', ['cache'], never),
  });
  expect(await rejection(gate.ensureReady())).toMatchObject({ cause });
  expect(never).not.toHaveBeenCalled();
});

test.each(['reset', 'close'] as const)('A12: a %s aborts the running steps and starts no other', async (end) => {
  const never = jest.fn();
  const reasons: unknown[] = [];
  const gate = createGate({
    bootstrap: plan()
      .step('a', ({}, { signal }) => aborted(signal).catch((reason: unknown) => void reasons.push(reason)))
      .step('b', ['a'], never),
  });
  const caller = rejection(gate.ensureReady());
  await gate[end]();
  expect(reasons).toEqual([expect.objectContaining({ name: 'GateError' })]);
  expect(await caller).toMatchObject({ code: (reasons[0] as { code: string }).code });
  expect(never).not.toHaveBeenCalled();
});

test('A12: a reset that comes as the last need is met starts nothing', async () => {
  const first = deferred();
  const never = jest.fn();
  const gate = createGate({
    bootstrap: plan()
      .step('a', () => first.promise)
      .step('b', ['a'], never),
  });
  const caller = rejection(gate.ensureReady());
  first.resolve();
  await Promise.all([gate.reset(), caller]);
  expect(await caller).toMatchObject({ code: 'ERR_GATE_NOT_READY' });
  expect(never).not.toHaveBeenCalled();
});

test('D6: a plan that stalls names the pending steps, and where they were added', async () => {
  const warnings: string[] = [];
  const told = deferred();
  const hangs = deferred();
  jest.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    warnings.push((warning as Error).message);
    told.resolve();
  });
  const gate = createGate({
    name: 'shop',
    stallAfterMs: 1,
    bootstrap: plan()
      .step('config', () => 1)
      .step('database', ['config'], () => hangs.promise),
  });
  const value = gate.ensureReady();
  await told.promise;
  hangs.resolve();
  await value;
  expect(warnings[0]).toMatch(/step "database" of gate "shop".*started at .*running\.test\.ts/);
});

test('A8: a plan that fails with nobody waiting is a warning, not an unhandled rejection', async () => {
  const warnings = collectWarnings();
  createGate({ eager: true, bootstrap: plan().step('fails', () => fail()) });
  await settled();
  expect(warnings).toEqual(['GATE_FLIGHT_FAILED']);
});

function fail(): never {
  throw new Error('no');
}
