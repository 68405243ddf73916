import { createGate } from '../../../src/index.js';
import fc from 'fast-check';
import { type Deferred, deferred, planOf, reported, settled } from '../support.js';
import { acyclic, patienceMs, runs } from './graphs.js';

/** How many running steps end in each turn, and which of them. */
const endings = fc.infiniteStream(fc.array(fc.nat(), { minLength: 1, maxLength: 3 }));

test(
  'G1, G2: each step is called once, in the turn in which its last need is met, and all that can run do',
  async () => {
    await fc.assert(
      fc.asyncProperty(acyclic, endings, async (steps, turns) => {
        const running = new Map<string, Deferred<string>>();
        const done = new Set<string>();
        const calls: string[] = [];
        const fn = (name: string, needs: readonly string[]) => (found: object) => {
          calls.push(name);
          expect(found).toEqual(Object.fromEntries(needs.map((need) => [need, `result of ${need}`])));
          const work = deferred<string>();
          running.set(name, work);
          return work.promise;
        };
        const bootstrap = planOf(steps.map(({ name, needs }) => ({ name, needs, fn: fn(name, needs) })));
        const gate = createGate({ bootstrap });
        const value = gate.ensureReady();

        for (;;) {
          const due = steps.filter(({ needs }) => needs.every((need) => done.has(need))).map(({ name }) => name);
          expect(new Set([...running.keys(), ...done])).toEqual(new Set(due));
          if (running.size === 0) break;
          expect(gate.state).toBe('booting');
          for (const pick of turns.next().value ?? []) {
            const name = [...running.keys()][pick % Math.max(1, running.size)];
            if (name === undefined) continue;
            running.get(name)?.resolve(`result of ${name}`);
            running.delete(name);
            done.add(name);
          }
          await settled();
        }

        expect(calls.toSorted()).toEqual(steps.map(({ name }) => name).toSorted());
        expect(await value).toStrictEqual(Object.fromEntries(steps.map(({ name }) => [name, `result of ${name}`])));
        expect(reported(gate).map(({ name, needs }) => ({ name, needs }))).toEqual(
          calls.map((name) => steps.find((step) => step.name === name)),
        );
      }),
      { numRuns: runs(300) },
    );
  },
  patienceMs,
);
