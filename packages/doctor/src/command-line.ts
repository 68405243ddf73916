/** Reads the command line. Everything before `--` is the doctor's, everything after it the application's. */
import { parseArgs } from 'node:util';
import { CODES, type Code } from './finding.js';
import type { DownMode } from './observations.js';
import type { Output, Plan } from './plan.js';

/** A command line that cannot be meant so; the message says what can. Exit code 2. */
export class UsageError extends Error {}

const OPTIONS = {
  path: { type: 'string', multiple: true },
  health: { type: 'string', multiple: true },
  down: { type: 'string', multiple: true },
  interrupt: { type: 'boolean' },
  ignore: { type: 'string', multiple: true },
  port: { type: 'string' },
  'no-preload': { type: 'boolean' },
  strict: { type: 'boolean' },
  json: { type: 'string' },
  html: { type: 'string' },
  limit: { type: 'string', default: '20' },
  quiet: { type: 'string', default: '1' },
  grace: { type: 'string', default: '8' },
  yes: { type: 'boolean', short: 'y' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

export type Request =
  { readonly kind: 'help' | 'version' } | { readonly kind: 'examine'; readonly plan: Plan; readonly output: Output };

/** @throws UsageError */
export function readCommandLine(argv: readonly string[]): Request {
  const cut = argv.indexOf('--');
  const own = cut < 0 ? argv : argv.slice(0, cut);
  const { values, positionals } = parse(own);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const command = cut < 0 ? [] : argv.slice(cut + 1);
  if (command.length === 0 || positionals.length > 0) {
    const meant = positionals.length > 0 ? positionals.join(' ') : 'node server.js';
    throw new UsageError(`The command that starts the application goes after "--": doctor [options] -- ${meant}`);
  }
  const port = values.port === undefined ? undefined : portOf(values.port);
  if (values['no-preload'] && port === undefined) {
    throw new UsageError(
      '--no-preload needs --port: without the preload nothing says which port the application opens',
    );
  }
  return {
    kind: 'examine',
    plan: {
      command,
      options: own,
      port,
      preload: !values['no-preload'],
      paths: (values.path ?? []).map((path) => pathOf('--path', path)),
      health: (values.health ?? []).map((path) => pathOf('--health', path)),
      down: (values.down ?? []).map(downOf),
      interrupt: values.interrupt ?? false,
      ignore: new Set((values.ignore ?? []).flatMap((codes) => codes.split(',')).map(codeOf)),
      limitMs: secondsOf('--limit', values.limit),
      quietMs: secondsOf('--quiet', values.quiet),
      graceMs: secondsOf('--grace', values.grace),
      allowProduction: values.yes ?? false,
    },
    output: { strict: values.strict ?? false, json: values.json, html: values.html },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    const message = (error as Error).message.split('. To specify', 1)[0] ?? '';
    throw new UsageError(
      `${message}. The options: ${Object.keys(OPTIONS)
        .map((name) => `--${name}`)
        .join(' ')}`,
    );
  }
}

/** Only GET, and only to the application itself: a path, and no method or host. */
function pathOf(option: string, path: string): string {
  if (/^\/(?!\/)[\x21-\x7e]*$/.test(path)) return path;
  const [method, rest] = path.split(' ');
  if (rest !== undefined && /^[A-Z]+$/.test(method ?? '') && method !== 'GET' && method !== 'HEAD') {
    throw new UsageError(`${option} ${JSON.stringify(path)}: only GET is sent, because nothing must be changed`);
  }
  if (/^(?:https?:)?\/\//.test(path)) {
    throw new UsageError(`${option} ${path}: only the application itself is asked. Give the path alone`);
  }
  throw new UsageError(
    `${option} ${JSON.stringify(path)}: a path begins with "/" and has no spaces, such as /api/cities?limit=1`,
  );
}

function portOf(text: string): number {
  const port = Number(text.replace(/^(?:localhost|127\.0\.0\.1|\[::1\]):/, ''));
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UsageError(`--port ${text}: a number from 1 to 65535; only loopback addresses are asked`);
}

function downOf(text: string): { target: string; mode: DownMode } {
  const match = /^([^\s=]+:\d+)(?:=(refuse|silent))?$/.exec(text);
  if (match?.[1] !== undefined) return { target: match[1], mode: (match[2] ?? 'refuse') as DownMode };
  throw new UsageError(
    `--down ${text}: host:port, host:port=refuse or host:port=silent, such as localhost:5432=silent`,
  );
}

function codeOf(text: string): Code {
  const code = CODES.find((known) => known === text.trim().toUpperCase());
  if (code !== undefined) return code;
  throw new UsageError(`--ignore ${text}: the codes are ${CODES.join(', ')}`);
}

function secondsOf(option: string, text: string): number {
  const seconds = /^\d+(?:\.\d+)?s?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (seconds > 0 && seconds <= 3_600) return seconds * 1_000;
  throw new UsageError(`${option} ${text}: seconds, such as 20 or 0.5`);
}
