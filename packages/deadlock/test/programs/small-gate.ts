/** A gate as small as it can be: what an adapter makes of waits, and what the tests of the judge wait for. */
import { DeadlockError, type DeadlockMode, type Verdict } from '@bootstrap-gate/deadlock';
import {
  dependOn,
  Owner,
  type ProvableResource,
  ProvableWait,
  placeOf,
  runIn,
  trackScopes,
  Until,
} from '@bootstrap-gate/deadlock/adapter';

export interface Boot {
  step<T>(name: string, fn: () => T | PromiseLike<T>): Promise<T>;
}

export interface SmallGate<T> {
  ensureReady(): Promise<T>;
  /** Holds a request of the bootstrap to itself; `client` is its client's side. */
  hold(client: object): Promise<void>;
  readonly verdicts: Verdict[];
}

export interface SmallGateOptions {
  readonly deadlock?: DeadlockMode;
}

type Result<T> = { readonly value: T } | { readonly error: unknown };

export function smallGate<T>(
  name: string,
  bootstrap: (boot: Boot) => Promise<T>,
  { deadlock = 'throw' }: SmallGateOptions = {},
): SmallGate<T> {
  const verdicts: Verdict[] = [];
  const party = { deadlock, note: (verdict: Verdict) => void verdicts.push(verdict) };
  const owner = new Owner(`bootstrap of gate "${name}"`, { party });
  const until = new Until('all');
  const waiting = new Set<ProvableWait<T>>();
  let result: Result<T> | undefined;
  let hasStarted = false;

  const end = (with_: Result<T>): void => {
    if (result) return;
    result = with_;
    owner.settled = true;
    endTracking();
    for (const wait of waiting) settle(wait, with_);
    waiting.clear();
  };
  const on: ProvableResource = {
    kind: 'gate',
    name,
    label: `gate "${name}"`,
    party,
    until,
    holder: () => ({ owner }),
    refuse: (wait, verdict) => {
      waiting.delete(wait as ProvableWait<T>);
      wait.reject(new DeadlockError(`A wait for gate "${name}"`, verdict));
    },
    fail: (verdict) => end({ error: new DeadlockError(`A wait for gate "${name}"`, verdict) }),
  };
  let endTracking = (): void => {};

  const begin = (): void => {
    hasStarted = true;
    endTracking = trackScopes();
    const boot: Boot = { step: (step, fn) => stepOf(on, step, fn) };
    startWork(until, owner, () => bootstrap(boot), end);
  };
  const wait = (settings: {
    readonly method: (...args: never[]) => unknown;
    readonly subject?: object;
  }): Promise<T> => {
    const made = new ProvableWait<T>(on, { at: placeOf(settings.method), subject: settings.subject });
    waiting.add(made);
    if (!hasStarted) begin();
    return made.promise;
  };
  const ensureReady = (): Promise<T> => {
    if (result) return 'value' in result ? Promise.resolve(result.value) : Promise.reject(result.error as Error);
    return wait({ method: ensureReady });
  };
  const hold = async (client: object): Promise<void> => {
    if (!result) await wait({ method: hold, subject: client });
  };
  return { ensureReady, hold, verdicts };
}

function settle<T>(wait: ProvableWait<T>, result: Result<T>): void {
  if ('value' in result) wait.resolve(result.value);
  else wait.reject(result.error);
}

/** Not async: a suspended frame would keep the promise of the work. */
function startWork<T>(
  until: Until,
  owner: Owner,
  fn: () => T | PromiseLike<T>,
  end: (result: Result<T>) => void,
): void {
  const work = runIn(owner, async () => fn());
  dependOn(until, work, { label: owner.label, party: owner.party });
  work.then(
    (value) => end({ value }),
    (error: unknown) => end({ error }),
  );
}

function stepOf<T>(
  { name: gate, party, fail }: ProvableResource,
  name: string,
  fn: () => T | PromiseLike<T>,
): Promise<T> {
  const label = `step "${name}" of gate "${gate}"`;
  const owner = new Owner(label, { party });
  const until = new Until('all');
  const on: ProvableResource = {
    kind: 'step',
    name,
    label,
    party,
    until,
    holder: () => ({ owner }),
    refuse: (wait, verdict) => wait.reject(new DeadlockError(`A wait for ${label}`, verdict)),
    ...(fail && { fail }),
  };
  const wait = new ProvableWait<T>(on, { at: placeOf(stepOf), isShared: true });
  wait.promise.catch(() => {});
  startWork(until, owner, fn, (result) => {
    owner.settled = true;
    settle(wait, result);
  });
  return wait.promise;
}
