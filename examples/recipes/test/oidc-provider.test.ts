import { answersOf, HERD, type Recipe } from './support/herd.js';

const recipe: Recipe = {
  folder: 'oidc-provider',
  settings: 'secret',
  ask: async (url) => {
    const response = await fetch(`${url}/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa('client:secret')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    if (response.status !== 200) return String(response.status);
    const { token_type } = (await response.json()) as { token_type: string };
    return token_type;
  },
};

test('oidc-provider: without a gate each request during the start is answered 500', async () => {
  expect(await answersOf('before', recipe)).toEqual({ 500: HERD });
});

test('oidc-provider: with a gate each gets its token', async () => {
  expect(await answersOf('after', recipe)).toEqual({ Bearer: HERD });
});
