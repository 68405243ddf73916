/** Bootstraps that do what the plan says, and tell the ledger. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Boot, BootstrapObject, Gate, StepContext } from 'bootstrap-gate';
import type { Value } from './ledger/flight-book.js';
import type { Ledger } from './ledger/ledger.js';
import type { AttemptPlan, FlightPlan, StepPlan, StopPlan, WorkPlan } from './plan/types.js';

export interface BootstrapHost {
  readonly ledger: Ledger;
  readonly flights: readonly FlightPlan[];
  gate(): Gate<unknown>;
  /** Called by every attempt. */
  begun(): void;
}

export function bootstrapOf(host: BootstrapHost): BootstrapObject<Value> {
  let flight = -1;
  const stops = new WeakMap<Value, StopPlan | undefined>();
  return {
    async run(boot) {
      if (boot.attempt === 1) flight++;
      const plan = nth(nth(host.flights, flight), boot.attempt - 1);
      const end = host.ledger.flights.beginBootstrap(host, boot.signal);
      host.begun();
      try {
        const attempt = new Attempt(host, boot);
        await attempt.run(plan);
        const value = host.ledger.flights.deliver('the bootstrap', attempt, false);
        stops.set(value, plan.stop);
        return value;
      } finally {
        end();
      }
    },
    stop: (value) => undo(host, value, stops.get(value)),
  };
}

class Attempt {
  readonly #host: BootstrapHost;
  readonly #boot: Boot;

  constructor(host: BootstrapHost, boot: Boot) {
    this.#host = host;
    this.#boot = boot;
  }

  async run({ steps, parallel, work, detaches }: AttemptPlan): Promise<void> {
    const { signal } = this.#boot;
    if (detaches) this.#boot.detach(() => this.#waitForGate());
    if (parallel) await Promise.all(steps.map((step, i) => this.#step(step, `${i}`, false)));
    else for (const [i, step] of steps.entries()) await this.#step(step, `${i}`, false);
    await doWork(work, signal);
  }

  /** It may be denied: that is the gate's business, and no failure of the work. */
  async #waitForGate(): Promise<void> {
    const { ledger, gate } = this.#host;
    ledger.callers++;
    await turn(); // an eager bootstrap is called before its gate is made
    await gate().ensureReady().catch(ignore);
    ledger.callers--;
  }

  async #step(plan: StepPlan, name: string, parentIsBound: boolean): Promise<void> {
    const book = this.#host.ledger.flights;
    const isBound = parentIsBound || plan.timeoutMs !== undefined;
    let value: Value | undefined;
    const fn = async ({ signal, attempt }: StepContext): Promise<Value | undefined> => {
      const end = book.beginWork(this.#host, signal, !isBound);
      try {
        if (attempt <= plan.failures) throw new Error('a planned failure of a step');
        for (const [i, step] of plan.steps.entries()) await this.#step(step, `${name}.${i}`, isBound);
        await doWork(plan.work, signal);
        if (!plan.stop) return undefined;
        return (value = book.deliver(`step ${name}`, this, isBound));
      } finally {
        end();
      }
    };
    const { timeoutMs, attempts, stop } = plan;
    const same = { timeoutMs, retry: { attempts, delayMs: 1 } };
    const undoing = stop && { stop: (value: Value | undefined) => value && undo(this.#host, value, stop) };
    if (plan.optional) await this.#boot.step(name, fn, { ...same, ...undoing, optional: true });
    else await this.#boot.step(name, fn, { ...same, ...undoing });
    if (value) value.returnedAt = book.moment();
  }
}

async function doWork({ does, takesMs }: WorkPlan, signal: AbortSignal): Promise<void> {
  if (does === 'ignores') return await sleep(takesMs);
  signal.throwIfAborted();
  if (does === 'stalls') return await untilAborted(signal);
  if (takesMs > 0) await sleep(takesMs, undefined, { signal });
  if (does === 'fails') throw new Error('a planned failure');
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

async function undo(host: BootstrapHost, value: Value, how: StopPlan | undefined): Promise<void> {
  const end = host.ledger.flights.beginStop(host, value);
  if (how === 'slowly') await sleep(3);
  end();
  if (how === 'badly') throw new Error('a planned failure of a stop');
}

function nth<T>(list: readonly T[], index: number): T {
  return list[Math.min(index, list.length - 1)] as T;
}

function ignore(): void {}
