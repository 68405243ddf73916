/** What every store's `once` object has. */
import { Call, type Shared } from './call.js';
import { OnceError } from './errors.js';
import type { Holding, Settled, Work } from './execute.js';
import { checkText, readStepOptions, show, type OnceSettings } from './options.js';
import { Replica } from './replica.js';
import { toResult } from './result.js';
import type { Store, StoreTraits } from './store.js';
import type { Execution, StepContext, StepFunction, StepOptions } from './types.js';

export type RunFunction<E extends Execution, T> = (execution: E) => T | PromiseLike<T>;

export interface Once<E extends Execution = Execution> {
  readonly traits: StoreTraits;
  /**
   * A step that runs at least once, one execution at a time, on one of the replicas; the late completion of one that was
   * succeeded is refused. All replicas get its result, which travels as JSON, at most 64 KiB.
   *
   * A newer version that is done satisfies an older one (`order`): then there may be no result.
   *
   * @throws TypeError for wrong options
   * @throws OnceFailedError from the step, on every replica, when all attempts are used up
   * @example
   * boot.step('index', once.run({ key: 'city-index-2' }, async ({ signal, progress }) => { … return { rows }; }));
   */
  run<T>(options: StepOptions & { readonly order: number }, fn: RunFunction<E, T>): StepFunction<T | undefined>;
  run<T>(options: StepOptions, fn: RunFunction<E, T>): StepFunction<T>;
  /** Deletes the record of one key, so that it runs again. @throws OnceError while the step is running */
  forget(name: string, key: string): Promise<void>;
  /** Fires the signals of running steps, waits until their work has settled, and ends this replica's session. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Tells the gate that the step is shared work: a `stop` does not belong to it. */
const sharedStep = Symbol.for('bootstrap-gate.shared-step');

/** What a store adds to an execution, and which of the errors that `fn` throws are the store's own trouble. */
export interface Extended<E> {
  readonly execution: E;
  isFree(error: unknown): boolean;
  end(): void;
}

export class OnceBase<E extends Execution> {
  readonly traits: StoreTraits;
  readonly replica: Replica;
  readonly #extend: (held: Holding, execution: Execution) => Extended<E>;

  constructor(store: Store, settings: OnceSettings, extend: (held: Holding, execution: Execution) => Extended<E>) {
    this.traits = store.traits;
    this.replica = new Replica(store, settings);
    this.#extend = extend;
  }

  run(options: StepOptions, fn: RunFunction<E, unknown>): StepFunction<never> {
    checkFunction('run', fn);
    const work = async (held: Holding, plain: Execution): Promise<Settled> => {
      const { execution, isFree, end } = this.#extend(held, plain);
      try {
        return valueOf(held.step.name, await fn(execution));
      } catch (error) {
        return { kind: 'failed', error, isFree: isFree(error) };
      } finally {
        end();
      }
    };
    return this.share('run', options, Object.assign(work, { rests: 'beats' as const }));
  }

  /** Makes a step function of a kind of work. */
  share(kind: 'run' | 'transaction', options: unknown, work: Work): StepFunction<never> {
    const settings = readStepOptions(kind, options);
    const { name, traits } = this.replica.store;
    if (settings.durable && !traits.durable) {
      throw new TypeError(
        `${kind}: ${name} can forget what it has acknowledged (failover, eviction), and then the work would run again. ` +
          `Use a durable store, or say that this is harmless with the option durable: false`,
      );
    }
    const shared: Shared = { settings, work, at: callSite() };
    const step = (context: StepContext): Promise<never> => {
      checkContext(kind, context);
      return this.replica.track(() => new Call(this.replica, shared, context).run()) as Promise<never>;
    };
    return Object.assign(step, { [sharedStep]: true });
  }

  async forget(name: string, key: string): Promise<void> {
    checkText('forget', 'name', name, 512);
    checkText('forget', 'key', key, 512);
    const { replica } = this;
    const step = { namespace: replica.settings.namespace, name };
    await replica.open(replica.closing, () => {});
    for (;;) {
      const view = await replica.steady(() => replica.store.look(step, key, null), replica.closing);
      if (view.revision === 0) return;
      if (view.running && !view.running.owner.ended && !view.running.owner.expired) {
        const where = `${view.running.owner.host} (pid ${view.running.owner.pid})`;
        throw new OnceError(
          'ERR_ONCE_STORE',
          `step ${JSON.stringify(name)} is running on ${where}: forget it when it has ended`,
        );
      }
      if (view.running && !(await replica.store.end(view.running.owner.session, true))) continue;
      const next = { fence: view.fence, owner: null, key, run: null };
      const answer = await replica.steady(() => replica.store.write(step, view.revision, next), replica.closing);
      if (typeof answer === 'number') return;
    }
  }

  close(): Promise<void> {
    return this.replica.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A result that cannot be told will not become one that can: no further attempt. */
export function valueOf(step: string, value: unknown): Settled {
  try {
    return { kind: 'value', result: toResult(step, value) };
  } catch (error) {
    return { kind: 'failed', error, isFinal: true };
  }
}

export function checkFunction(where: string, fn: unknown): void {
  if (typeof fn === 'function') return;
  throw new TypeError(
    `${where}: expects the options and a function, such as ${where}({ key }, fn), but got ${show(fn)}`,
  );
}

function checkContext(kind: string, context: unknown): void {
  const { name } = Object(context) as Partial<StepContext>;
  if (typeof name !== 'string') {
    const likely = `boot.step('migrate', once.${kind}(…)), or call it with { name: 'migrate' } where there is no gate`;
    throw new TypeError(`${kind}: gives a step function, which takes its name from the step: ${likely}`);
  }
  checkText(`${kind}: the step`, 'name', name, 512);
}

/** The caller's place outside this package's classes. */
function callSite(): string {
  const lines = (new Error().stack ?? '').split('\n').slice(1);
  const outside = lines.find((line) => !/OnceBase|PostgresOnce|callSite/.test(line));
  return outside?.trim().replace(/^at /, '') ?? 'unknown place';
}
