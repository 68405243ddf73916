import { answersOf, HERD, type Recipe } from './support/herd.js';

const recipe: Recipe = {
  folder: 'vite',
  settings: '{ "SETTING": "\\"settings\\"" }',
  ask: async (url) => {
    const response = await fetch(url, { headers: { Accept: 'text/html' } });
    return response.status === 200 ? String((await response.text()).includes('/main.js')) : String(response.status);
  },
};

test('Vite: without a gate each request during the start is answered 404', async () => {
  expect(await answersOf('before', recipe)).toEqual({ 404: HERD });
});

test('Vite: with a gate each gets the page', async () => {
  expect(await answersOf('after', recipe)).toEqual({ true: HERD });
});
