// Writes what VitePress builds to site/.pages: the pages of docs/, the READMEs of the packages, a page for each code of
// docs/errors.md, the changelog, and the API reference. A new page, package or entry point comes in by itself.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path/posix';
import { published, root } from '../scripts/workspace.mjs';
import { writeApi } from './api.mjs';
import { codePages, indexOfCodes } from './codes.mjs';

const staged = `${root}site/.pages`;
const REPOSITORY = 'https://github.com/bootstrap-gate/bootstrap-gate';

/** Pages by their path in the repository: where each is on the site. */
const sites = new Map([
  ...filesUnder('docs').map((path) => [path, path.slice('docs/'.length)]),
  ...published.map(({ folder, name }) => [`${folder}/README.md`, `packages/${name}.md`]),
  ['packages/bootstrap-gate/CHANGELOG.md', 'changelog.md'],
  ['CHANGELOG.md', 'changelog.md'],
]);

export async function stage() {
  rmSync(staged, { recursive: true, force: true });
  cpSync(`${root}site/pages`, staged, { recursive: true });
  for (const [path, target] of sites) if (existsSync(`${root}${path}`)) stagePage(path, target);
  await writeApi(`${staged}/api`);
}

/** One page or picture of docs/, again after a change. */
export function stagePage(path, target = sites.get(path)) {
  if (!path.endsWith('.md')) return copy(path, target);
  const text = readFileSync(`${root}${path}`, 'utf8');
  if (path !== 'docs/errors.md') return write(target, withLinks(text, path, target));
  write(target, withLinks(indexOfCodes(text), path, target));
  for (const [code, page] of codePages(text)) {
    const at = `errors/${code}.md`;
    write(at, withLinks(page, path, at));
  }
}

/** Links to other pages lead to where those are on the site, all others of the repository to GitHub. */
function withLinks(text, path, target) {
  return text
    .split(/(^```.*?^```$|`[^`\n]*`)/ms)
    .map((part) => (part.startsWith('`') ? part : part.replace(/\]\(([^()\s]+)\)/g, (_, to) => `](${link(to)})`)))
    .join('');

  function link(to) {
    if (/^[a-z]+:/i.test(to)) return to;
    const [file, anchor] = to.split('#');
    const aim = file === '' ? path : join(dirname(path), file);
    const code = aim === 'docs/errors.md' && /^(err|gate|once)_/.test(anchor ?? '') && anchor.toUpperCase();
    const page = code ? `errors/${code}.md` : (sites.get(aim) ?? sites.get(join(aim, 'README.md')));
    const suffix = anchor && !code ? `#${anchor}` : '';
    if (!page) return `${REPOSITORY}/${/\.[a-z]+$|LICENSE$/i.test(aim) ? 'blob' : 'tree'}/main/${aim}${suffix}`;
    const from = relative(dirname(target), page);
    return (from.startsWith('.') ? from : `./${from}`) + suffix;
  }
}

function write(target, text) {
  mkdirSync(dirname(`${staged}/${target}`), { recursive: true });
  writeFileSync(`${staged}/${target}`, text);
}

function copy(path, target) {
  mkdirSync(dirname(`${staged}/${target}`), { recursive: true });
  cpSync(`${root}${path}`, `${staged}/${target}`);
}

function filesUnder(folder) {
  return readdirSync(`${root}${folder}`, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  );
}
