import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { get } from '../src/probe/get.js';
import { build, type Built } from './support/build.js';
import { doctor } from './support/doctor.js';
import { freePort, startServices, type Services } from './support/services.js';

let built: Built;
let services: Services;
let folder: string;
let record: string;

beforeAll(async () => {
  built = build();
  services = await startServices([{ name: '', command: [], finds: [], exit: 0, needs: 'postgres' }]);
});
afterAll(async () => {
  await services.stop();
  built.remove();
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'doctor-safety-'));
  record = path.join(folder, 'record');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const app = (name: string) => path.join(__dirname, 'apps', name);
const recorded = () => (existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : []);

describe('what is sent', () => {
  test('only GET, under its own name, and no redirect is followed', async () => {
    const { code } = await doctor(built, { command: ['node', app('records.cjs')], env: { RECORD: record } });
    expect(code).toBe(0);
    expect(recorded().length).toBeGreaterThan(20);
    expect(recorded().filter((line) => !/^GET \S+ bootstrap-gate-doctor$/.test(line))).toEqual([]);
    expect(recorded().filter((line) => line.includes('/elsewhere'))).toEqual([]);
  });

  test.each([
    ['a method', ['--path', 'POST /orders'], 'only GET is sent'],
    ['another host', ['--path', 'http://example.com/'], 'only the application itself is asked'],
    ['a host without a scheme', ['--health', '//example.com/health'], 'only the application itself is asked'],
    ['a header in the path', ['--path', '/a HTTP/1.1\r\nHost: example.com'], 'a path begins with'],
    ['a foreign address as port', ['--port', '10.0.0.1:80'], 'only loopback addresses are asked'],
  ])('%s is refused, and nothing is started', async (_what, args, message) => {
    const outcome = await doctor(built, { command: ['node', app('records.cjs')], args, env: { RECORD: record } });
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(message);
    expect(recorded()).toEqual([]);
  });

  test('an address that is not loopback is not asked', async () => {
    const door = {
      host: '192.0.2.1',
      port: 80,
      protocol: 'http',
      allowsHttp1: false,
      openedAt: 0,
      server: 1,
      process: '',
    };
    await expect(get({ ...door, protocol: 'http' }, '/', 1_000)).rejects.toThrow('is not loopback');
  });

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
  (outside ? test : test.skip)(
    'an application that listens on an outside address only is not asked (needs a network interface)',
    async () => {
      const env = { RECORD: record, HOST: outside ?? '' };
      const outcome = await doctor(built, { command: ['node', app('records.cjs')], env });
      expect(outcome.code).toBe(3);
      expect(outcome.stderr).toContain('only loopback addresses are asked');
      expect(recorded()).toEqual([]);
    },
  );

  test('a port that something else has opened is not asked', async () => {
    let requests = 0;
    const server = createServer((_req, res) => res.end(String((requests += 1)))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const args = ['--no-preload', '--port', String(port)];
    const outcome = await doctor(built, { command: ['node', app('records.cjs')], args, env: { RECORD: record } });
    server.close();
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(`Port ${port} is already in use`);
    expect(requests).toBe(0);
  });

  test('without the preload an application is examined on the given port', async () => {
    const port = String(await freePort());
    const args = ['--no-preload', '--port', port, '--quiet', '0.5'];
    const outcome = await doctor(built, {
      command: ['node', app('records.cjs')],
      args,
      env: { RECORD: record, PORT: port },
    });
    expect(outcome.stdout).toContain('Nothing wrong was found');
    expect(outcome.code).toBe(0);
  });
});

describe('production', () => {
  test('is refused, in the environment of the doctor or set by the application itself', async () => {
    const command = ['node', app('records.cjs')];
    const outer = await doctor(built, { command, env: { RECORD: record, NODE_ENV: 'production' } });
    const inner = await doctor(built, { command: ['env', 'NODE_ENV=production', ...command], env: { RECORD: record } });
    expect([outer.code, inner.code]).toEqual([2, 2]);
    expect(outer.stderr + inner.stderr).toContain('--yes examines it all the same');
    expect(recorded()).toEqual([]);
  });

  test('is examined with --yes', async () => {
    const env = { RECORD: record, NODE_ENV: 'production' };
    const { code } = await doctor(built, { command: ['node', app('records.cjs')], args: ['--yes'], env });
    expect(code).toBe(0);
  });
});

test('no secret of a body, a statement, a line of code or the command reaches any output', async () => {
  const html = path.join(folder, 'report.html');
  const env = await services.envFor({ name: '', command: [], finds: [], exit: 0, needs: 'postgres' });
  const command = ['node', app('leaks.cjs'), '--dsn=postgres://shop:hunter2@localhost/shop'];
  const outcome = await doctor(built, { command, args: ['--html', html], env });
  expect(outcome.codes).toEqual(expect.arrayContaining(['EARLY-WRONG', 'SENT-TWICE']));
  const everything = [outcome.stdout, outcome.stderr, JSON.stringify(outcome.examination), readFileSync(html, 'utf8')];
  expect(everything.filter((text) => text.includes('hunter2'))).toEqual([]);
});

describe('when the doctor is ended', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
    'by %s, no process and no file is left, also of what left the group or ignores SIGTERM',
    async (signal) => {
      const temporary = path.join(folder, 'tmp');
      mkdirSync(temporary);
      const child = spawn(process.execPath, [built.cli, '--', process.execPath, app('escapes.cjs'), 'serve'], {
        env: { ...process.env, NODE_ENV: 'test', NODE_OPTIONS: '', RECORD: record, TMPDIR: temporary },
        stdio: 'ignore',
      });
      const closed = once(child, 'close');
      await until(() => recorded().length === 3 && recorded().every(Boolean));
      child.kill(signal);
      await closed;
      await until(() => recorded().map(Number).every(isGone));
      await until(() => readdirSync(temporary).length === 0);
    },
  );

  test('in the ordinary way, no process and no file is left either', async () => {
    const temporary = path.join(folder, 'tmp');
    mkdirSync(temporary);
    const args = ['--grace', '1', '--limit', '2'];
    const env = { RECORD: record, TMPDIR: temporary };
    await doctor(built, { command: ['node', app('escapes.cjs'), 'serve'], args, env });
    expect(
      recorded()
        .map(Number)
        .filter((pid) => !isGone(pid)),
    ).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

test('a Unix socket that a killed start leaves is not in the way of the next', async () => {
  const cwd = path.join(folder, 'with a space');
  mkdirSync(cwd);
  writeFileSync(path.join(cwd, 'server.cjs'), readFileSync(path.join(built.apps, 'unix-socket.cjs')));
  const args = ['--grace', '1'];
  const outcome = await doctor(built, { command: ['node', 'server.cjs'], args, env: { NAME: 'a' }, cwd });
  expect(outcome.examination.starts).toBe(2);
  expect(outcome.codes).toEqual(['SIGTERM-IGNORED']);
  expect(readdirSync(cwd)).toEqual(['server.cjs']);
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(20);
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  // A zombie whose parent, the test environment's init, has not looked after it yet.
  return existsSync(`/proc/${pid}/stat`) && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
