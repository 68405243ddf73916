import { answersOf, HERD, type Recipe } from './support/herd.js';

const recipe: Recipe = {
  folder: 'hono',
  settings: 'from the service',
  ask: async (url) => {
    const { settings = 'nothing' } = (await (await fetch(url)).json()) as { settings?: string };
    return settings;
  },
};

test('hono: without a gate each request during the start is answered without settings', async () => {
  expect(await answersOf('before', recipe)).toEqual({ nothing: HERD });
});

test('hono: with a gate each gets the settings', async () => {
  expect(await answersOf('after', recipe)).toEqual({ 'from the service': HERD });
});
