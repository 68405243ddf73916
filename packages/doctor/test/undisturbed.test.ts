import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, type Built } from './support/build.js';

let built: Built;
let folder: string;

beforeAll(() => {
  built = build();
  folder = mkdtempSync(path.join(tmpdir(), 'doctor-undisturbed-'));
});
afterAll(() => {
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

const app = path.join(__dirname, 'apps/looks-around.cjs');

test.each(['end', 'throw', 'reject', 'emit-error', 'exit', 'exit-code', 'exit-listener', 'socket-error', 'kill'])(
  'an application that ends by %s sees the same and ends the same with the preload as without',
  async (way) => {
    const [plain, watched] = await Promise.all([run(way, {}), run(way, watching())]);
    expect(watched.seen).toEqual(plain.seen);
    expect(watched.code).toBe(plain.code);
    expect(watched.signal).toBe(plain.signal);
    expect(watched.stderr).toBe(plain.stderr);
  },
);

test('a folder of journals that is gone does not disturb the application', async () => {
  const watched = await run('exit', watching('/nowhere'));
  expect(watched.code).toBe(7);
  expect(watched.stderr).toBe('');
});

function watching(at = folder): Record<string, string> {
  return {
    NODE_OPTIONS: `--require ${built.preloads.register}`,
    BOOTSTRAP_GATE_DOCTOR: JSON.stringify({ folder: at, examiner: process.pid, down: {} }),
  };
}

function run(way: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [app, way], { env: { PATH: process.env['PATH'], ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part) => (stdout += String(part)));
  child.stderr.on('data', (part) => (stderr += String(part)));
  return new Promise<{ code: number | null; signal: string | null; seen: unknown; stderr: string }>(
    (resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) =>
        resolve({ code, signal, seen: JSON.parse(stdout), stderr: withoutPids(stderr) }),
      );
    },
  );
}

/** The messages; the stacks have a frame of the preload more. */
function withoutPids(text: string): string {
  return text
    .replace(/\(node:\d+\)/g, '(node)')
    .split('\n')
    .filter((line) => !/^\s+(?:at |\[\.\.\.)/.test(line))
    .join('\n');
}
