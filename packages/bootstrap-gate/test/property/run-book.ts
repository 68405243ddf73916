/** Plays the bootstrap, and keeps the book of its runs: what of them works, what they hand over, and what was stopped. */
import { getEventListeners } from 'node:events';
import type { Boot, BootstrapObject, StepContext } from '../../src/index.js';
import type { BootScript, StageScript, StepScript } from './boot-script.js';
import type { World } from './world.js';

/** What a run of the bootstrap produces. */
export interface Value {
  readonly run: number;
}

/** Something that has to be stopped. */
interface Item {
  readonly label: string;
  stops: number;
  /** Whether its step may have given up on it at its time limit: then it is stopped at once, not in its turn. */
  mayBeLate: boolean;
}

interface Run {
  readonly value: Value;
  readonly began: number;
  settled: boolean;
  /** The step functions that work, with the time at which their step gives up on them. */
  readonly working: Set<{ readonly deadline: number }>;
  /** The steps' items in order of completion. */
  readonly kept: Item[];
  own: Item | undefined;
  readonly stopped: Item[];
  stopping: number;
}

export class RunBook {
  readonly runs: Run[] = [];
  readonly bootstrap: BootstrapObject<Value> = {
    run: (boot) => this.#start(boot),
    stop: ({ run }) => this.#stop(this.runs[run]!, this.runs[run]!.own!, 'later'),
  };
  readonly #world: World;
  readonly #scripts: readonly BootScript[];
  readonly #signals: AbortSignal[] = [];
  readonly #ownListeners = new Set<unknown>();

  constructor(world: World, scripts: readonly BootScript[]) {
    this.#world = world;
    this.#scripts = scripts;
  }

  /** Whether nothing of the runs that began before `event` works, or is left to stop. */
  isUndone(event: number): boolean {
    return this.runs.every((run) => run.began > event || (this.#isOver(run) && this.#isEmpty(run)));
  }

  /** At the end: everything was stopped once and in order, but for the run that the gate is open with. */
  verify(open: Value | undefined): void {
    const { journal } = this.#world;
    for (const run of this.runs) {
      const name = `run ${run.value.run}`;
      const all = [...run.kept, ...(run.own ? [run.own] : [])].reverse();
      const isOpen = run.value === open;
      journal.must(this.#isOver(run), `A5: ${name} is over`);
      for (const { label, stops, mayBeLate } of all) {
        const isRight = isOpen ? stops === 0 || (mayBeLate && stops === 1) : stops === 1;
        journal.must(isRight, `A9: ${label} was stopped ${stops} times`);
      }
      const inTurn = (items: Item[]): string =>
        items
          .filter((item) => !item.mayBeLate)
          .map((item) => item.label)
          .join(', ');
      const expected = isOpen ? '' : inTurn(all);
      journal.must(inTurn(run.stopped) === expected, `A9: ${name} stops ${expected}, not ${inTurn(run.stopped)}`);
    }
    for (const signal of this.#signals) {
      const left = getEventListeners(signal, 'abort').filter((listener) => !this.#ownListeners.has(listener));
      journal.must(left.length === 0, 'A4: no listener is left on a signal of the flight');
    }
  }

  #isOver(run: Run): boolean {
    const now = this.#world.clock.now();
    return run.settled && run.stopping === 0 && [...run.working].every(({ deadline }) => deadline <= now);
  }

  #isEmpty(run: Run): boolean {
    return [...run.kept, run.own].every((item) => !item || item.mayBeLate || item.stops > 0);
  }

  #start(boot: Boot): Value | Promise<Value> {
    const world = this.#world;
    for (const run of this.runs) {
      const what = `bootstrap is called while run ${run.value.run}`;
      world.journal.must(this.#isOver(run), `A1, A5: ${what} is at work`);
      world.journal.must(this.#isEmpty(run), `A5, A9: ${what} is not undone`);
    }
    const run: Run = {
      value: { run: this.runs.length },
      began: world.journal.note(`bootstrap: run ${this.runs.length}`),
      settled: false,
      working: new Set(),
      kept: [],
      own: undefined,
      stopped: [],
      stopping: 0,
    };
    this.runs.push(run);
    this.#signals.push(boot.signal);
    this.#listen(boot.signal, () => world.fire('abort'));
    world.fire('bootstrap');
    const script = this.#scripts[Math.min(run.value.run, this.#scripts.length - 1)]!;
    if (script.ending === 'sync throw') {
      run.settled = true;
      throw world.failure(`run ${run.value.run} throws at once`);
    }
    return this.#play(run, script, boot);
  }

  async #play(run: Run, script: BootScript, boot: Boot): Promise<Value> {
    const world = this.#world;
    const name = `run ${run.value.run}`;
    try {
      if (world.isProbing) await world.never(name, undefined);
      for (const [number, stage] of script.stages.entries()) {
        if (stage.waitFirst) await world.point(`${name} stage ${number}`, stage.heeds ? boot.signal : undefined);
        await this.#stage(run, stage, boot, number);
      }
      if (script.ending === 'never') await world.never(name, undefined);
      if (script.ending === 'throw') throw world.failure(`${name} throws`);
      run.own = { label: `bootstrap ${run.value.run}`, stops: 0, mayBeLate: false };
      world.journal.note(`${name} has its value`);
      return run.value;
    } finally {
      run.settled = true;
    }
  }

  async #stage(run: Run, stage: StageScript, boot: Boot, number: number): Promise<void> {
    const steps = stage.steps.map((script, at) => {
      const label = `step ${run.value.run}.${number}.${at}`;
      const { timeoutMs, optional, attempts, stop } = script;
      const started = this.#world.clock.now();
      const fn = (context: StepContext) => this.#step(run, script, label, started, context);
      return boot.step(label, fn, {
        timeoutMs,
        retry: { attempts, delayMs: 8 },
        ...(optional && { optional }),
        stop: stop === 'none' ? undefined : (item) => this.#stop(run, item, stop),
      });
    });
    if (stage.then === 'forget') return; // to look at their promises would be to await them
    const watched = steps.map((step) => step.then((item) => void (item && (item.mayBeLate = false))));
    if (stage.then === 'await') await Promise.all(watched);
    else await Promise.allSettled(watched);
  }

  async #step(run: Run, script: StepScript, label: string, started: number, context: StepContext): Promise<Item> {
    const world = this.#world;
    const signal = script.heeds ? context.signal : undefined;
    const work = { deadline: started + (script.timeoutMs ?? Infinity) };
    run.working.add(work);
    this.#signals.push(context.signal);
    try {
      world.journal.note(`${label} begins`);
      world.fire('step');
      for (let wait = 0; wait < script.waits; wait++) await world.point(`${label} wait ${wait}`, signal);
      if (script.ending === 'never') await world.never(label, signal);
      const throws = script.ending === 'throw' || (script.ending === 'throw at first' && context.attempt === 1);
      if (throws) throw world.failure(`${label} throws`);
      const item = { label, stops: 0, mayBeLate: script.timeoutMs !== undefined };
      if (script.stop !== 'none') run.kept.push(item);
      world.journal.note(`${label} completes`);
      return item;
    } finally {
      run.working.delete(work);
    }
  }

  async #stop(run: Run, item: Item, how: StepScript['stop']): Promise<void> {
    const { journal, gate } = this.#world;
    const inTurn = !item.mayBeLate;
    journal.note(`stop of ${item.label}`);
    item.stops++;
    run.stopped.push(item);
    if (inTurn) run.stopping++;
    try {
      journal.must(item.stops === 1, `A9: ${item.label} is stopped once`);
      journal.must(!inTurn || run.stopping === 1, `A9: ${item.label} waits for its turn to be stopped`);
      const isOpen = gate.ready && gate.value === run.value;
      journal.must(!inTurn || !isOpen, `A9: ${item.label} is not stopped while the gate is open`);
      this.#world.fire('stop');
      if (how === 'later') await this.#world.point(`stop of ${item.label}`, undefined);
      if (how === 'throws') throw new Error(`the stop of ${item.label} fails`);
    } finally {
      if (inTurn) run.stopping--;
    }
  }

  #listen(signal: AbortSignal, listener: () => void): void {
    this.#ownListeners.add(listener);
    signal.addEventListener('abort', listener);
  }
}
