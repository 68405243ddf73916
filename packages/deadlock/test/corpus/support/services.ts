/** Private servers for the corpus: on a free port, in a folder of their own, as a user without rights. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface Service {
  readonly port: number;
  stop(): Promise<void>;
}

/** Where the program is; undefined where it is not installed. */
export function findProgram(name: 'postgres' | 'redis-server'): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : [];
  const folders = [...versions.reverse(), ...(process.env.PATH ?? '').split(delimiter)];
  // Postgres without initdb beside it is a link: the folder above has both.
  const needed = name === 'postgres' ? 'initdb' : name;
  return folders.find((folder) => existsSync(join(folder, name)) && existsSync(join(folder, needed)));
}

export async function startPostgres(): Promise<Service> {
  const bin = findProgram('postgres');
  if (bin === undefined) throw new Error('postgres is not installed');
  const user = unprivileged();
  const dir = newFolder(user);
  const as = user ? { uid: user.uid, gid: user.gid } : {};
  execFileSync(join(bin, 'initdb'), ['-D', join(dir, 'data'), '-A', 'trust', '-U', 'postgres', '--no-sync'], {
    cwd: dir,
    stdio: 'ignore',
    ...as,
  });
  const port = await freePort();
  const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=${dir}`, 'max_connections=60'];
  const args = ['-D', join(dir, 'data'), '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const child = spawn(join(bin, 'postgres'), args, { cwd: dir, ...as });
  await says(child, 'database system is ready to accept connections');
  return { port, stop: () => stop(child, dir, 'SIGINT') };
}

export async function startRedis(): Promise<Service> {
  const bin = findProgram('redis-server');
  if (bin === undefined) throw new Error('redis-server is not installed');
  const user = unprivileged();
  const dir = newFolder(user);
  const port = await freePort();
  const child = spawn(join(bin, 'redis-server'), ['--port', String(port), '--save', '', '--bind', '127.0.0.1'], {
    cwd: dir,
    ...(user && { uid: user.uid, gid: user.gid }),
  });
  await says(child, 'Ready to accept connections');
  return { port, stop: () => stop(child, dir, 'SIGTERM') };
}

/** Postgres refuses to run as root. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error('there is no user without rights to run it as');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

function newFolder(user: { uid: number; gid: number } | undefined): string {
  const dir = mkdtempSync(join(tmpdir(), 'bootstrap-gate-corpus-'));
  if (user) chownSync(dir, user.uid, user.gid);
  return dir;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function says(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const onData = (part: unknown): void => {
      output += String(part);
      if (output.includes(text)) resolve();
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`it ended with ${code}: ${output}`)));
  });
}

async function stop(child: ChildProcess, dir: string, signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode === null) {
    child.kill(signal);
    await ended;
  }
  rmSync(dir, { recursive: true, force: true });
}
