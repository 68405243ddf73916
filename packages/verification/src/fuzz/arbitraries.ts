/** Request targets that look like exempt ones, headers that lie about them, and heads that are hardly any. */
import fc from 'fast-check';
import { exempt, health } from './paths.js';

export interface Request {
  readonly method: string;
  /** A byte a character. */
  readonly target: string;
  readonly headers: readonly string[];
}

const known = fc.constantFrom(...exempt, ...Object.values(health), '/admin');
const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** What routers, proxies and file systems are said to overlook. */
const twists: readonly ((path: string, at: number) => string)[] = [
  (path) => path,
  (path) => `${path}/`,
  (path) => path.replace(/\/$/, ''),
  (path) => path.toUpperCase(),
  (path) => `/${path}`,
  (path) => `/.${path}`,
  (path) => `/admin/..${path}`,
  (path) => `${path}/../admin`,
  (path) => `/admin/%2e%2e${path}`,
  (path) => `/mount${path}`,
  (path) => `${path};a=1`,
  (path) => `${path}.json`,
  (path) => `${path}%00`,
  (path) => `${path}%2Fadmin`,
  (path) => `${path}%3F`,
  (path) => `${path}#/admin`,
  (path) => `${path}?`,
  (path) => `${path}?/../admin`,
  (path) => `${path}?a=1#b\\`,
  (path) => `/admin?${path}`,
  (path) => `/admin#${path}`,
  (path) => `?${path}`,
  (path) => `http://localhost${path}`,
  (path) => `HTTP://admin@x:1${path}`,
  (path) => `//localhost${path}`,
  (path) => `localhost:80${path}`,
  (path) => path.replaceAll('/', '\\'),
  (path) => path.slice(1),
  (path) => decodeURIComponent(path),
  (path) => path.replaceAll('%2F', '%2f'),
  (path, at) => path.slice(0, at) + percent(path.charAt(at) || 'x') + path.slice(at + 1),
  (path, at) => path.slice(0, at) + percent(percent(path.charAt(at) || 'x')) + path.slice(at),
  (path, at) => path.slice(0, at),
];

const twisted = fc
  .tuple(known, fc.array(fc.tuple(fc.constantFrom(...twists), fc.nat(8)), { maxLength: 3 }))
  .map(([path, all]) => all.reduce((sofar, [twist, at]) => safely(() => twist(sofar, at), sofar), path));

/** Each of these once, for the exempt path and the health path that are spelled most plainly. */
export const lookalikes: readonly Request[] = ['/health', '/livez'].flatMap((path) =>
  twists.map((twist) => ({ method: 'GET', target: twist(path, 1), headers: [] })),
);

const withBytes = fc
  .tuple(known, fc.nat(12), fc.array(byte, { minLength: 1, maxLength: 2 }))
  .map(([path, at, bytes]) => path.slice(0, at) + bytes.join('') + path.slice(at));

const anything = fc
  .array(fc.constantFrom(...'/.%?#;:@\\*aAbch2eEfF5cC0'), { maxLength: 12 })
  .map((all) => all.join(''));

/** Node takes several spaces around a target for one. */
const withoutSpaces = (target: string): string => target.replace(/^ +| +$/g, '');

const any = fc.oneof(
  { weight: 2, arbitrary: known },
  { weight: 6, arbitrary: twisted },
  { weight: 3, arbitrary: withBytes },
  { weight: 1, arbitrary: anything },
  { weight: 1, arbitrary: fc.constantFrom('*', '', '/health:80', 'localhost:443', 'health') },
);
const target = any.map(withoutSpaces);

const liar = known.chain((path) =>
  fc.constantFrom(
    ...['X-Original-URL', 'X-Rewrite-URL', 'X-Original-URI', 'X-Forwarded-Path', 'X-Forwarded-Uri'].map(
      (name) => `${name}: ${path}`,
    ),
    `X-Forwarded-Prefix: ${path}`,
    'X-HTTP-Method-Override: GET',
    'X-Forwarded-For: 127.0.0.1',
    'Forwarded: for=127.0.0.1;host=localhost',
    'X-Bootstrap-Gate: poll',
    'X-Bootstrap-Gate: not-started',
    'Accept: text/html',
    'Expect: 100-continue',
    'Upgrade: websocket\r\nConnection: Upgrade',
    `Referer: http://localhost${path}`,
  ),
);

export const request: fc.Arbitrary<Request> = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE', 'CONNECT', 'TRACE'),
  target,
  headers: fc.uniqueArray(liar, { maxLength: 2, selector: (header) => header.split(':', 1)[0] }),
});

/** The text of a request over HTTP/1, a byte a character. */
export const headOf = ({ method, target, headers }: Request): string =>
  [`${method} ${target} HTTP/1.1`, 'Host: localhost', ...headers, 'Content-Length: 0', '', ''].join('\r\n');

const scraps = [
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  ':',
  'GET / HTTP/1.1\r\n',
  'HTTP/1.1',
  '0\r\n\r\n',
  'ffffffff\r\n',
];
const lines = [
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Connection: close',
  'Connection: keep-alive, Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
  'Expect: something else',
  `X-Long: ${'a'.repeat(20_000)}`,
  '__proto__: x',
  ' folded',
];

/** Bytes of one connection: some requests, damaged here and there. */
export const bytes: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.tuple(request, fc.array(fc.constantFrom(...lines), { maxLength: 2 })), { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(400), fc.oneof(fc.constantFrom(...scraps), byte)), { maxLength: 3 }),
  )
  .map(([requests, damage]) =>
    damage.reduce(
      (text, [at, scrap]) => text.slice(0, at) + scrap + text.slice(at + 1),
      requests.map(([one, more]) => headOf({ ...one, headers: [...one.headers, ...more] })).join(''),
    ),
  );

function safely(call: () => string, otherwise: string): string {
  try {
    return call();
  } catch {
    return otherwise;
  }
}
