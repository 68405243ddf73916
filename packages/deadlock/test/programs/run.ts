/**
 * Runs a program in a Node of its own: what the judge sees is the whole heap, and that of a test runner is not a program's.
 * It is bundled, as an application may be.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve as resolvePath } from 'node:path';
import { buildSync } from 'esbuild';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  /** The bundle. */
  readonly file: string;
  run(...args: string[]): Promise<Ended>;
  /** Of a program that prints JSON, one value a line. */
  lines<T>(...args: string[]): Promise<T[]>;
}

interface ProgramOptions {
  readonly minify?: boolean;
  /** Whether places name the lines of the sources, rather than those of the bundle. */
  readonly sourceMaps?: boolean;
  readonly cwd?: string;
}

/** @param file beside this one, or its whole path; without its extension */
export function program(file: string, { minify = false, sourceMaps = false, cwd }: ProgramOptions = {}): Program {
  const dir = mkdtempSync(join(tmpdir(), 'bootstrap-gate-program-'));
  const outfile = join(dir, `${basename(file)}.cjs`);
  buildSync({
    entryPoints: [resolvePath(__dirname, `${file}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    conditions: ['@bootstrap-gate/source'],
    ignoreAnnotations: true, // a file of cases imports its runner for its effects
    logLevel: 'error',
    minify,
    sourcemap: sourceMaps && 'inline',
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const flags = sourceMaps ? ['--enable-source-maps'] : [];
  const run = (...args: string[]): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [...flags, outfile, ...args], {
        cwd,
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (part) => (stdout += String(part)));
      child.stderr.on('data', (part) => (stderr += String(part)));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });
  return {
    file: outfile,
    run,
    lines: async (...args) => {
      const { code, stdout, stderr } = await run(...args);
      if (code !== 0 || stderr) throw new Error(`exit code ${code}\n${stderr}\n${stdout}`);
      return stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as never);
    },
  };
}
