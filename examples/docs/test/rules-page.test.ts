/** Test titles begin with the id of the rule that they show; docs/rules.md is where a reader looks it up. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, headings, page, root } from './lib/markdown.js';

const rules = headings(page('docs/rules.md'))
  .filter(({ depth }) => depth === 3)
  .map(({ text }) => text);

/** `D10: …`, or `H5, H12: …`, at the beginning of a string: a title, also one that a table of cases holds. */
const CITED = /(?<=['"`])[A-Z]\d+(?:, [A-Z]\d+)*(?=: )|(?<=rule: ')[A-Z]\d+(?=')/g;

const cited = ['packages', 'examples']
  .flatMap(filesUnder)
  .filter((file) => /\/(test|checks)\/.*\.ts$/.test(file))
  .flatMap((file) => {
    const ids = readFileSync(join(root, file), 'utf8').match(CITED) ?? [];
    return ids.flatMap((all) => all.split(', ')).map((id) => ({ file, id }));
  });

test('every rule that a test cites is in docs/rules.md', () => {
  expect(cited.length).toBeGreaterThan(500);
  expect(cited.filter(({ id }) => !rules.includes(id))).toEqual([]);
});

test('docs/rules.md has each rule once, in order', () => {
  const letters = 'AFDHMNROPG';
  const place = (id: string): number => letters.indexOf(id[0] ?? '') * 100 + Number(id.slice(1));
  expect(rules).toEqual([...new Set(rules)].sort((a, b) => place(a) - place(b)));
});
