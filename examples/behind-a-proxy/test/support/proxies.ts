/** nginx and HAProxy as processes of the test, with the settings of this folder; wrong ones differ from them by a replacement. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd, type OpenShop } from './shops.js';

export interface Proxy {
  /** Where it listens. A socket file: a port that was free may be taken by the time the proxy opens it. */
  readonly socketPath: string;
  /** Resolves when it has printed this. */
  prints(text: string): Promise<void>;
}

/** What to write instead of what, in the settings. Settings that do not have it are an error. */
export type Changes = Readonly<Record<string, string>>;

export type StartProxy = (shops: readonly OpenShop[], changes?: Changes) => Promise<Proxy>;

const here = join(__dirname, '../..');
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/local/sbin:/usr/sbin` }; // not everybody's PATH has them

/** A `describe` that says in its title why it is skipped, where it is. */
export function describeWith(program: 'nginx' | 'haproxy', debianPackage: string, tests: () => void): void {
  jest.setTimeout(30_000);
  const isInstalled = spawnSync(program, ['-v'], { env }).error === undefined;
  if (isInstalled) return describe(program, tests);
  const title = `${program} (skipped: it is not installed; in Debian it is the package ${debianPackage})`;
  process.stderr.write(`${title}\n`); // Jest shows no titles of a file in which all is skipped
  describe.skip(title, tests);
}

export const startNginx: StartProxy = async (shops, changes) => {
  const folder = temporaryFolder();
  const socketPath = join(folder, 'socket');
  const settings = settingsFrom('nginx/shop.conf', shops, changes);
  writeFileSync(join(folder, 'shop.conf'), replaced(settings, { '127.0.0.1:8080': `unix:${socketPath}` }));
  copyFileSync(join(here, 'nginx/nginx.conf'), join(folder, 'nginx.conf'));
  const prints = start('nginx', ['-e', 'stderr', '-p', folder, '-c', 'nginx.conf']);
  await prints('start worker process ');
  return { socketPath, prints };
};

export const startHaproxy: StartProxy = async (shops, changes) => {
  const folder = temporaryFolder();
  const socketPath = join(folder, 'socket');
  const settings = settingsFrom('haproxy.cfg', shops, changes);
  writeFileSync(join(folder, 'haproxy.cfg'), replaced(settings, { '127.0.0.1:8081': `unix@${socketPath}` }));
  const checked = once(shops[0]!.server, 'connection'); // it says nothing, but by then it listens
  const prints = start('haproxy', ['-db', '-f', join(folder, 'haproxy.cfg')]);
  await checked;
  return { socketPath, prints };
};

function settingsFrom(file: string, shops: readonly OpenShop[], changes: Changes = {}): string {
  const text = replaced(readFileSync(join(here, file), 'utf8'), changes);
  return shops.reduce((all, { port }, index) => all.replaceAll(`127.0.0.1:${3001 + index}`, `127.0.0.1:${port}`), text);
}

function replaced(text: string, changes: Changes): string {
  return Object.entries(changes).reduce((all, [from, to]) => {
    if (!all.includes(from)) throw new Error(`the settings do not have "${from}"`);
    return all.replaceAll(from, to);
  }, text);
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bootstrap-gate-proxy-'));
  chmodSync(folder, 0o755); // started by root, nginx works as another user
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function start(program: string, args: readonly string[]): Proxy['prints'] {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  atEnd(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return (text) =>
    new Promise((resolve, reject) => {
      const look = (): void => void (output.includes(text) && resolve());
      for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
      void ended.then(() => reject(new Error(`${program} never printed "${text}", but only: ${output}`)));
      look();
    });
}
