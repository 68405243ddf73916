/** What the README shows is what is shown where it is compared with a run: in the guide, and in the README of the doctor. */
import { codeBlocks, page } from './lib/markdown.js';

const texts = (path: string): string[] =>
  codeBlocks(page(path)).flatMap(({ language, code }) => (language === 'text' ? [code] : []));

test('the verdict and the examination of the README are those of the guide and of the doctor', () => {
  const sources = [...texts('docs/guides/why-is-my-application-stuck.md'), ...texts('packages/doctor/README.md')];
  const shown = texts('README.md');
  expect(shown).toHaveLength(2);
  expect(shown.filter((text) => !sources.includes(text))).toEqual([]);
});
