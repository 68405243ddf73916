import fc from 'fast-check';
import { anyOrder, anyOrderWithAcquire } from './actions.js';
import { expectTrue, playAtOnce, playBoth, unfinished } from './compare.js';

beforeEach(() => void jest.spyOn(process, 'emitWarning').mockImplementation(() => {}));
afterEach(() => jest.restoreAllMocks());

test('D1, D2: a wait is refused exactly where it closes a cycle, and then all programs end', async () => {
  let refused = 0;
  const property = fc.asyncProperty(anyOrder, async (scene) => {
    const { play, model } = await playBoth(scene, 'throw');
    expect(play.refusals.map(({ fiber }) => fiber)).toEqual(model.closings.map(({ fiber }) => fiber));
    play.refusals.forEach((refusal, index) => expectTrue(refusal, model.closings[index]));
    expect(unfinished(scene, play)).toEqual([]);
    refused += play.refusals.length;
  });
  await fc.assert(property, { numRuns: 400 });
  expect(refused).toBeGreaterThan(20);
});

test('D1: what hangs without tracing is refused with it, at the very move that closes the cycle', async () => {
  let hanging = 0;
  const property = fc.asyncProperty(anyOrder, async (scene) => {
    const plain = await playBoth(scene, 'off');
    const traced = await playBoth(scene, 'throw');
    const hangs = unfinished(scene, plain.play).length > 0;
    expect(hangs).toBe(plain.deadlockAt !== undefined);
    expect(traced.refusedAt).toBe(plain.deadlockAt);
    if (hangs) hanging++;
  });
  await fc.assert(property, { numRuns: 400 });
  expect(hanging).toBeGreaterThan(20);
});

test('D1: nothing hangs when many ask for locks at once, while others let go of them', async () => {
  const property = fc.asyncProperty(anyOrder, async (scene) => {
    expect(unfinished(scene, await playAtOnce(scene))).toEqual([]);
  });
  await fc.assert(property, { numRuns: 400 });
});

test('D1, D2: with acquire() a wait is refused as far as it is known who holds a lock, and only where it hangs', async () => {
  let refused = 0;
  const property = fc.asyncProperty(anyOrderWithAcquire, async (scene) => {
    const { play, model } = await playBoth(scene, 'throw');
    expect(play.refusals.map(({ fiber }) => fiber)).toEqual(model.closings.map(({ fiber }) => fiber));
    play.refusals.forEach((refusal, index) => expectTrue(refusal, model.closings[index]));
    refused += play.refusals.length;
  });
  await fc.assert(property, { numRuns: 400 });
  expect(refused).toBeGreaterThan(10);
});
