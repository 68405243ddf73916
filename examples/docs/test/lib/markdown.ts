/** What the tests need of the Markdown files: their code blocks, headings, links and tables. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export const root = join(__dirname, '../../../..');

export interface Page {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Block {
  readonly page: string;
  /** Where its first line of code is. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

export interface Heading {
  readonly depth: number;
  readonly text: string;
  readonly anchor: string;
}

/** Every Markdown file that somebody wrote by hand. */
export function pages(): Page[] {
  return filesUnder('')
    .filter((path) => path.endsWith('.md') && !path.startsWith('etc/'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

export function page(path: string): Page {
  const found = pages().find((candidate) => candidate.path === path);
  if (!found) throw new Error(`there is no ${path}`);
  return found;
}

const FENCE = /^```(\S*)[^\n]*\n(.*?)^```$/gms;

export function codeBlocks({ path, text }: Page): Block[] {
  return [...text.matchAll(FENCE)].map((match) => ({
    page: path,
    line: text.slice(0, match.index).split('\n').length + 1,
    language: match[1] ?? '',
    code: match[2] ?? '',
  }));
}

const withoutCode = (text: string): string => text.replace(FENCE, '');

/** With the anchors that GitHub gives them. */
export function headings({ text }: Page): Heading[] {
  const timesUsed = new Map<string, number>();
  return [...withoutCode(text).matchAll(/^(#{1,6}) +(.+)$/gm)].map(([, marks = '', title = '']) => {
    const slug = title
      .replace(/`|\*\*/g, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
    const times = timesUsed.get(slug) ?? 0;
    timesUsed.set(slug, times + 1);
    return { depth: marks.length, text: title.replace(/`/g, ''), anchor: times === 0 ? slug : `${slug}-${times}` };
  });
}

/** The targets of all links that do not leave the repository. */
export function localLinks({ text }: Page): string[] {
  const prose = withoutCode(text).replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/i.test(target));
}

/** The rows of the table under a heading, as cells without the marks of code. */
export function tableUnder({ path, text }: Page, heading: string): string[][] {
  const start = text.search(new RegExp(`^#+ +\`?${heading}\`?$`, 'm'));
  if (start < 0) throw new Error(`${path} has no heading ${heading}`);
  const section = text.slice(start).split(/\n(?=#)/)[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
  );
}

/** The files below a folder, relative to the root, with slashes. */
export function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = relative(root, join(root, folder, entry.name))
      .split(sep)
      .join('/');
    if (entry.isDirectory())
      return /^(node_modules|dist|coverage|\.pages|\.git)$/.test(entry.name) ? [] : filesUnder(path);
    return [path];
  });
}
