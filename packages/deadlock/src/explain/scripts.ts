/** Whose code a file is: the application's, a library's, Node's, or that of these packages, which is never shown. */
import { builtin } from '../builtin.js';

export type Origin = 'app' | 'library' | 'node' | 'own';

export function originOf(url: string): Origin {
  if (url === '' || url.startsWith('node:') || url.startsWith('internal/')) return 'node';
  if (isOwn(url)) return 'own';
  return /[\\/]node_modules[\\/]/.test(url) ? 'library' : 'app';
}

/** A file as stack traces show it, in the original file where source maps are enabled. */
export function placeIn(url: string, line: number, column: number): string {
  const file = url.startsWith('file:') ? pathOf(url) : url;
  const origin = builtin('node:module')?.findSourceMap(file)?.findOrigin(line, column);
  if (origin && 'fileName' in origin) {
    return `${originalFile(origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`;
  }
  return `${file}:${line}:${column}`;
}

const originalFile = (name: string): string => (name.startsWith('file:') ? pathOf(name) : name);

/** Without `node:url`: a file on a path that needs decoding is rare, one that cannot be decoded rarer. */
function pathOf(url: string): string {
  try {
    const path = decodeURIComponent(new URL(url).pathname);
    return /^\/[A-Za-z]:\//.test(path) ? path.slice(1).replaceAll('/', '\\') : path;
  } catch {
    return url;
  }
}

const installed = /[\\/]node_modules[\\/](?:@bootstrap-gate[\\/][^\\/]+|bootstrap-gate)[\\/]/;
const besides = siblings();

const isOwn = (url: string): boolean => installed.test(url) || (besides?.test(url) ?? false);

/** In the repository the packages lie next to each other; a bundle of an application has no such path. */
function siblings(): RegExp | undefined {
  const holder: { stack?: string } = {};
  Error.captureStackTrace?.(holder, siblings);
  const [, packages] = /([^\s(]*[\\/])deadlock[\\/](?:src|dist)[\\/]/.exec(String(holder.stack ?? '')) ?? [];
  if (packages === undefined) return undefined;
  const path = packages.replace(/^file:\/\//, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^(?:file://)?${path}[^\\\\/]+[\\\\/](?:src|dist)[\\\\/]`);
}
