import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import fsPromises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGate, type GateReport } from '../../src/index.js';
import { collectWarnings, rejection } from '../support.js';

/** A folder that others write to as well, and a file of this process that they would like to have overwritten or read. */
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootstrap-gate-history-'));
  path = join(folder, 'boots.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  jest.restoreAllMocks();
});

const until = async (check: () => boolean): Promise<void> => {
  while (!check()) await new Promise(setImmediate);
};
/** Not through a link, which may lead to what never ends. */
const holdsABoot = (file: string): boolean =>
  lstatSync(file).isFile() && readFileSync(file, 'utf8').startsWith('{"version":1,"boots":[{');
const boot = (history = path): Promise<unknown> =>
  createGate({ name: 'shop', history, bootstrap: () => 1 }).ensureReady();

test('P1: a link in place of the draft of a history is not followed, since nobody can guess where it will be', async () => {
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'precious');
  for (const name of [`boots.json.${process.pid}.tmp`, 'boots.json.tmp']) symlinkSync(victim, join(folder, name));
  await boot();
  await until(() => readdirSync(folder).includes('boots.json') && holdsABoot(path));
  expect(readFileSync(victim, 'utf8')).toBe('precious');
  expect(readdirSync(folder)).toHaveLength(4);
});

test('P1: nor is it followed where somebody did guess: then the history is not saved', async () => {
  const warnings = collectWarnings();
  const guessed = '11111111-2222-3333-4444-555555555555';
  jest.spyOn(globalThis.crypto, 'randomUUID').mockReturnValue(guessed);
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, join(folder, `boots.json.${guessed}.tmp`));
  await boot();
  await until(() => warnings.length > 0);
  expect(warnings[0]?.message).toMatch(/^The history of gate "shop" could not be saved: .*EEXIST/);
  expect(readFileSync(victim, 'utf8')).toBe('precious');
});

test('P1: a link in place of the history is replaced, and what it led to stays', async () => {
  collectWarnings();
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, path);
  await boot();
  await until(() => holdsABoot(path));
  expect(readFileSync(victim, 'utf8')).toBe('precious');
});

test('P1: a history that cannot be put in its place leaves no draft behind', async () => {
  const warnings = collectWarnings();
  mkdirSync(path);
  await boot();
  await until(() => warnings.length === 2); // it can be neither read nor saved
  expect(readdirSync(folder)).toEqual(['boots.json']);
});

test.each<[string, () => void]>([
  ['is far too large', () => writeFileSync(path, `{"version":1,${' '.repeat(20_000_000)}"boots":[]}`)],
  ['never ends', () => symlinkSync('/dev/zero', path)],
  ['is a pipe that nobody writes to', () => void execFileSync('mkfifo', [path])],
])('P1: a history that %s is a warning, and the next one is saved', async (_how, make) => {
  make();
  const warnings = collectWarnings();
  expect(await boot()).toBe(1);
  await until(() => warnings.length > 0);
  expect(warnings[0]?.message).toContain('The history of gate "shop" could not be read');
  await until(() => holdsABoot(path));
  expect(warnings).toHaveLength(1);
});

test('P1: of a history so many bytes are read and no more, and its file is closed', async () => {
  const warnings = collectWarnings();
  const opened = jest.spyOn(fsPromises, 'open');
  const kept = '{"version":1,"boots":[{"durationMs":1,"steps":{}}]}';
  const begun = async (bytes: number): Promise<unknown> => {
    writeFileSync(path, kept.padEnd(bytes));
    const gate = createGate({ name: 'shop', history: path, bootstrap: () => new Promise<never>(() => {}) });
    void rejection(gate.ensureReady());
    const { estimate } = await new Promise<GateReport>((resolve) => {
      const look = (): void => {
        const report = gate.report();
        if (report.estimate || warnings.length > 0) resolve(report);
        else setImmediate(look);
      };
      look();
    });
    void gate.close();
    return estimate;
  };
  expect(await begun(4_000_000)).toMatchObject({ boots: 1 });
  expect(await begun(4_000_001)).toBeNull();
  expect(warnings[0]?.message).toMatch(/could not be read: it has more than 4000000 bytes$/);
  const files = await Promise.all(opened.mock.results.map(({ value }) => value as Promise<{ fd: number }>));
  expect(files.map(({ fd }) => fd)).toEqual([-1, -1]);
});
