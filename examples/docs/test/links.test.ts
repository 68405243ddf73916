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

test('every published package has a README with its name as the title', () => {
  for (const name of ['deadlock', 'core', 'plan', 'node', 'express', 'koa', 'report', 'telemetry', 'conformance']) {
    expect(headings(page(`packages/${name}/README.md`))[0]).toMatchObject({
      depth: 1,
      text: `@bootstrap-gate/${name}`,
    });
  }
});
