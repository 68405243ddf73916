import fc from 'fast-check';
import { oneOrder, underGuard } from './actions.js';
import { playBoth } from './compare.js';

afterEach(() => jest.restoreAllMocks());

test.each([
  ['in one order for all', oneOrder],
  ['in any order under a lock that is held around everything', underGuard],
])('D2, D4: who takes locks %s is never refused and never warned of', async (_how, scenes) => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const property = fc.asyncProperty(scenes, async (scene) => {
    const { play } = await playBoth(scene, 'throw');
    expect(play.refusals).toEqual([]);
    expect(scene.programs.map((_, number) => play.done.has(String(number)))).toEqual(scene.programs.map(() => true));
    expect(warn.mock.calls).toEqual([]);
  });
  await fc.assert(property, { numRuns: 400 });
});
