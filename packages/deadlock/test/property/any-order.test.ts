import fc from 'fast-check';
import { anyOrder, anyOrderWithAcquire } from './actions.js';
import { expectTrue, playBoth } from './compare.js';

beforeEach(() => void jest.spyOn(process, 'emitWarning').mockImplementation(() => {}));
afterEach(() => jest.restoreAllMocks());

test('D1: a wait is refused exactly where it closes a cycle, and all programs end then', async () => {
  let refused = 0;
  const property = fc.asyncProperty(anyOrder, async (scene) => {
    const { play, model } = await playBoth(scene, 'throw');
    expect(play.refusals.map(({ fiber }) => fiber)).toEqual(model.closings.map(({ fiber }) => fiber));
    play.refusals.forEach((refusal, index) => expectTrue(refusal, model.closings[index]));
    expect(unfinished(scene.programs.length, play.done)).toEqual([]);
    if (play.refusals.length > 0) refused++;
  });
  await fc.assert(property, { numRuns: 400 });
  console.log({ refused });
});

test('D1: what hangs without tracing is refused with it, at the very move that would have closed the cycle', async () => {
  let hanging = 0;
  const property = fc.asyncProperty(anyOrder, async (scene) => {
    const plain = await playBoth(scene, 'off');
    const traced = await playBoth(scene, 'throw');
    const hangs = unfinished(scene.programs.length, plain.play.done).length > 0;
    expect(hangs).toBe(plain.deadlockAt !== undefined);
    expect(traced.refusedAt).toBe(plain.deadlockAt);
    if (hangs) hanging++;
  });
  await fc.assert(property, { numRuns: 400 });
  console.log({ hanging });
});

test('D1: the same with acquire(), as far as it is known who holds a lock', async () => {
  let refused = 0;
  const property = fc.asyncProperty(anyOrderWithAcquire, async (scene) => {
    const { play, model } = await playBoth(scene, 'throw');
    expect(play.refusals.map(({ fiber }) => fiber)).toEqual(model.closings.map(({ fiber }) => fiber));
    play.refusals.forEach((refusal, index) => expectTrue(refusal, model.closings[index]));
    if (play.refusals.length > 0) refused++;
  });
  await fc.assert(property, { numRuns: 400 });
  console.log({ refused });
});

const unfinished = (programs: number, done: ReadonlySet<string>): string[] =>
  Array.from({ length: programs }, (_, number) => String(number)).filter((program) => !done.has(program));
