import fc from 'fast-check';
import { oneOrder, underGuard } from './actions.js';
import { playAtOnce, playBoth, unfinished } from './compare.js';

afterEach(() => jest.restoreAllMocks());

test.each([
  ['in one order for all', oneOrder],
  ['in any order under a lock that is held around everything', underGuard],
])('D2, D4: who takes locks %s is never refused and never warned of', async (_how, scenes) => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const property = fc.asyncProperty(scenes, async (scene) => {
    for (const play of [(await playBoth(scene, 'throw')).play, await playAtOnce(scene)]) {
      expect(play.refusals).toEqual([]);
      expect(unfinished(scene, play)).toEqual([]);
    }
    expect(warn.mock.calls).toEqual([]);
  });
  await fc.assert(property, { numRuns: 400 });
});
