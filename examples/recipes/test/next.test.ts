import { answersOf, HERD, type Recipe } from './support/herd.js';
import { testLarge } from './support/large.js';

const recipe: Recipe = {
  folder: 'next',
  settings: 'the settings',
  env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  complaint: 'Error: prepare() must be called before performing this operation',
  ask: async (url) => {
    const response = await fetch(url);
    if (response.status !== 200) return String(response.status);
    return /Started with (?:<!-- -->)?([^<]*)/.exec(await response.text())?.[1] ?? 'nothing';
  },
};

testLarge('Next: without a gate each request during the start stays without an answer', async () => {
  expect(await answersOf('before', recipe)).toEqual({ 'never answered': HERD });
});

testLarge('Next: with a gate each gets its page', async () => {
  expect(await answersOf('after', recipe)).toEqual({ 'the settings': HERD });
});
