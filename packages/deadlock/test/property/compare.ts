/** Plays a scene on the real thing and on the model side by side. */
import type { Scene } from './actions.js';
import { type Closing, Model } from './model.js';
import { Play, type Refusal } from './play.js';

export interface Played {
  readonly play: Play;
  readonly model: Model;
  /** The number of the first move after which the model knew of a deadlock. */
  readonly deadlockAt: number | undefined;
  /** The number of the first move that was refused. */
  readonly refusedAt: number | undefined;
}

/** What hangs is kept: nobody is to prove that nothing can settle it any more. */
const kept: Play[] = [];

export async function playBoth(scene: Scene, deadlock: 'throw' | 'off'): Promise<Played> {
  const play = new Play(scene, deadlock);
  const model = new Model(scene, deadlock === 'throw');
  kept.push(play);
  await Play.settled();
  let deadlockAt: number | undefined;
  let refusedAt: number | undefined;
  for (let moves = 0; ; moves++) {
    if (model.hasDeadlock) deadlockAt ??= moves;
    if (play.refusals.length > 0) refusedAt ??= moves;
    expect({ ready: play.ready, done: [...play.done].sort() }).toEqual({
      ready: model.ready,
      done: [...model.done].sort(),
    });
    const { ready } = play;
    const choice = scene.choices[moves % scene.choices.length] ?? 0;
    const next = ready[choice % ready.length];
    if (next === undefined) return { play, model, deadlockAt, refusedAt };
    model.move(next);
    await play.move(next);
  }
}

/** Plays a scene where several move at once, so that waits begin while locks change hands. */
export async function playAtOnce(scene: Scene): Promise<Play> {
  const play = new Play(scene, 'throw');
  kept.push(play);
  await Play.settled();
  for (let moves = 0; play.ready.length > 0; moves++) {
    const { ready } = play;
    const choice = scene.choices[moves % scene.choices.length] ?? 0;
    const together = ready.filter((_, index) => index % 2 === choice % 2 || index === choice % ready.length);
    await Promise.all(together.map((fiber) => play.move(fiber)));
  }
  return play;
}

/** The programs that did not come to their end. */
export const unfinished = (scene: Scene, { done }: Play): string[] =>
  scene.programs.map((_, number) => String(number)).filter((program) => !done.has(program));

/** Expects that the cycle which a wait was refused with is there, and that there is no shorter one. */
export function expectTrue({ fiber, verdict }: Refusal, closing: Closing | undefined): void {
  expect(fiber).toBe(closing?.fiber);
  expect(closing?.isStuck).toBe(true);
  expect(verdict.certainty).toBe('certain');
  const { cycle } = verdict;
  const waits = cycle.map(({ owner, waitsFor }) => `${owner} -> ${waitsFor}`);
  expect(waits.filter((wait) => !closing?.waits.has(wait))).toEqual([]);
  expect(cycle.map(({ waitsFor }) => closing?.holders.get(waitsFor))).toEqual(
    cycle.map((_, index) => cycle[(index + 1) % cycle.length]?.owner),
  );
  expect(cycle).toHaveLength(closing?.length ?? 0);
}
