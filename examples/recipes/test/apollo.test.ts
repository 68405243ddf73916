import { answersOf, HERD, type Recipe } from './support/herd.js';

const recipe: Recipe = {
  folder: 'apollo',
  settings: 'hello from the registry',
  ask: async (url) => {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: '{"query":"{ hello }"}' });
    if (response.status !== 200) return String(response.status);
    const { data } = (await response.json()) as { data: { hello: string } };
    return data.hello;
  },
};

test('Apollo: without a gate each request during the start is answered 404', async () => {
  expect(await answersOf('before', recipe)).toEqual({ 404: HERD });
});

test('Apollo: with a gate each is answered rightly', async () => {
  expect(await answersOf('after', recipe)).toEqual({ 'hello from the registry': HERD });
});
