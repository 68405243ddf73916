import { answersOf, HERD, type Recipe } from './support/herd.js';

const recipe: Recipe = {
  folder: 'nest',
  settings: '{ "vat": 0.25 }',
  ask: async (url) => {
    const response = await fetch(`${url}/price`);
    return `${response.status} ${await response.text()}`;
  },
};

test('Nest: without a gate each request during the start gets a price without the tax', async () => {
  expect(await answersOf('before', recipe)).toEqual({ '200 {"price":100}': HERD });
});

test('Nest: with a gate each gets the right price', async () => {
  expect(await answersOf('after', recipe)).toEqual({ '200 {"price":125}': HERD });
});
