import { createGate } from '../../../src/index.js';
import fc from 'fast-check';
import { type Deferred, deferred, planOf, rejection, settled } from '../support.js';
import { acyclic, type GraphStep, patienceMs, runs } from './graphs.js';

interface Fate {
  readonly fails: boolean;
  readonly optional: boolean;
  /** Whether it ends when its signal fires, or goes on to whatever end it comes to. */
  readonly heeds: boolean;
}

const fates = fc.array(
  fc.record<Fate>({
    fails: fc.constantFrom(false, false, false, true),
    optional: fc.constantFrom(false, false, true),
    heeds: fc.boolean(),
  }),
  { minLength: 12, maxLength: 12 },
);

/** Which of the running steps ends next. */
const order = fc.infiniteStream(fc.nat());

/** All that happens to one plan whose steps may fail. */
class Story {
  readonly #fates: ReadonlyMap<string, Fate>;
  readonly #running = new Map<string, Deferred<string>>();
  readonly started: string[] = [];
  readonly kept: string[] = [];
  readonly stopped: string[] = [];
  readonly signals: AbortSignal[] = [];
  failure: Error | undefined;

  constructor(steps: readonly GraphStep[], fates: readonly Fate[]) {
    this.#fates = new Map(steps.map(({ name }, at) => [name, fates[at] as Fate]));
  }

  planOf(steps: readonly GraphStep[]) {
    return planOf(
      steps.map(({ name, needs }) => ({
        name,
        needs,
        fn: (_found, { signal }) => this.#begin(name, signal),
        options: { optional: this.#fate(name).optional, stop: () => void this.stopped.push(name) },
      })),
    );
  }

  get running(): string[] {
    return [...this.#running.keys()];
  }

  end(name: string): void {
    const { fails, optional } = this.#fate(name);
    const work = this.#running.get(name);
    this.#running.delete(name);
    if (!fails) {
      this.kept.push(name);
      return work?.resolve(`result of ${name}`);
    }
    const error = new Error(`${name} fails`);
    if (!optional) this.failure ??= error;
    work?.reject(error);
  }

  #begin(name: string, signal: AbortSignal): Promise<string> {
    const work = deferred<string>();
    this.started.push(name);
    this.signals.push(signal);
    this.#running.set(name, work);
    signal.addEventListener('abort', () => {
      if (this.#fate(name).heeds && this.#running.delete(name)) work.reject(signal.reason);
    });
    return work.promise;
  }

  #fate(name: string): Fate {
    return this.#fates.get(name) as Fate;
  }
}

test(
  'G2: after a failure nothing starts, the run rejects when all have settled, and rollback goes against the graph',
  async () => {
    await fc.assert(
      fc.asyncProperty(acyclic, fates, order, async (steps, given, picks) => {
        const story = new Story(steps, given);
        const made = story.planOf(steps);
        let run: Promise<unknown> | undefined;
        let isOver = false;
        const gate = createGate({
          bootstrap: async (boot) => {
            run = made.run(boot).finally(() => (isOver = true));
            return run;
          },
        });
        const caller = gate.ensureReady();
        caller.catch(() => {});

        let startedAtFailure: number | undefined;
        while (story.running.length > 0) {
          expect(isOver).toBe(false);
          const pick = picks.next().value ?? 0;
          story.end(story.running[pick % story.running.length] as string);
          if (story.failure) startedAtFailure ??= story.started.length;
          await settled();
          if (story.failure) expect(story.started).toHaveLength(startedAtFailure as number);
        }
        await settled();
        expect(isOver).toBe(true);

        if (story.failure) {
          expect(await rejection(run as Promise<unknown>)).toBe(story.failure);
          expect(await rejection(caller)).toMatchObject({ cause: story.failure });
        } else {
          expect(story.started).toHaveLength(steps.length);
          await caller;
        }
        await gate.close();
        expect(story.signals.filter(({ reason }) => reason !== undefined && reason !== story.failure)).toEqual([]);
        expect(story.stopped).toEqual(story.kept.toReversed());
        for (const { name, needs } of steps) {
          const at = story.stopped.indexOf(name);
          if (at < 0) continue;
          for (const need of needs) {
            const later = story.stopped.indexOf(need);
            expect(later < 0 || later > at).toBe(true);
          }
        }
      }),
      { numRuns: runs(300) },
    );
  },
  patienceMs,
);
