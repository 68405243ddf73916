import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { headings, localLinks, type Page, page, pages, root } from './lib/markdown.js';

/** What is wrong with a link, or nothing. */
function problem(from: Page, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? from.path : join(dirname(from.path), path);
  if (!existsSync(join(root, target))) return `${from.path}: ${link} leads to nothing`;
  if (anchor === undefined || statSync(join(root, target)).isDirectory()) return undefined;
  const anchors = headings(page(target)).map((heading) => heading.anchor);
  return anchors.includes(anchor) ? undefined : `${from.path}: ${link} has no such heading`;
}

test('every link between the pages leads to a file, and every anchor to a heading of it', () => {
  const problems = pages().flatMap((from) => localLinks(from).map((link) => problem(from, link)));
  expect(problems.length).toBeGreaterThan(50);
  expect(problems.filter(Boolean)).toEqual([]);
});

test('every guide and reference page can be reached from the README', () => {
  const linked = localLinks(page('README.md')).map((link) => link.split('#')[0]);
  const wanted = pages().filter(({ path }) => /^docs\/(guides\/)?[^/]+\.md$/.test(path));
  expect(wanted.map(({ path }) => path).filter((path) => !linked.includes(path))).toEqual([]);
});

test('every decision is in the list of decisions', () => {
  const listed = localLinks(page('docs/adr/README.md'));
  const decisions = pages().filter(({ path }) => /^docs\/adr\/\d/.test(path));
  expect(decisions.map(({ path }) => path.slice('docs/adr/'.length)).filter((name) => !listed.includes(name))).toEqual(
    [],
  );
});
