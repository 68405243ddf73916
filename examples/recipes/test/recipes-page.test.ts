import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffOf } from './support/diff.js';

const folder = join(__dirname, '..');
const recipes = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(join(folder, entry.name)).includes('after.mjs'))
  .map(({ name }) => name);
const text = readFileSync(join(folder, '../../docs/recipes.md'), 'utf8');

test.each(recipes)('%s: at most three lines are added', (recipe) => {
  const added = diffOf(recipe).filter((line) => line.startsWith('+'));
  expect(added.length).toBeGreaterThan(0);
  expect(added.length).toBeLessThanOrEqual(3);
});

test.each(recipes)('%s: the page shows the lines that change', (recipe) => {
  expect(text).toContain(`\`\`\`diff\n${diffOf(recipe).join('\n')}\n\`\`\``);
});
