/**
 * As much of a test runner as cases that are proven need, in a process whose heap stays small: a heap snapshot, which proves
 * them, is not taken of a large one. It prints a line of JSON for each case.
 */
import { createRequire } from 'node:module';
import { format } from 'node:util';
import { setProofHeapLimit } from '@bootstrap-gate/deadlock';

type Call = (...args: never[]) => unknown;

const [, , jestAt = ''] = process.argv;
const { expect } = createRequire(createRequire(jestAt).resolve('@jest/core'))('expect') as { expect: unknown };
const cases: { readonly title: string; readonly run: () => unknown }[] = [];
const after: { each: Call[]; all: Call[] } = { each: [], all: [] };

const test = (title: string, run: () => unknown): void => void cases.push({ title, run });
test.each =
  (rows: readonly unknown[]) =>
  (title: string, run: Call): void => {
    for (const row of rows) {
      const args = [row].flat();
      const [first] = args;
      const name = title.includes('%') ? format(title, first) : title;
      test(name, () => run(...(args as never[])));
    }
  };

/** Puts a function in the place of a method; all that the cases do with mocks. */
function spyOn(object: Record<string, unknown>, name: string) {
  const original = object[name];
  after.each.push(() => (object[name] = original));
  const spy = {
    mockImplementation: (fn: unknown) => ((object[name] = fn), spy),
    mockRestore: () => void (object[name] = original),
  };
  return spy;
}

Object.assign(globalThis, {
  test,
  expect,
  afterEach: (call: Call) => void after.each.push(call),
  afterAll: (call: Call) => void after.all.push(call),
  jest: { spyOn, restoreAllMocks() {} },
});

export async function runCases(files: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const load of files) await load();
  setProofHeapLimit(64);
  setInterval(() => {}, 60_000); // a case that hangs may leave the process with nothing to do
  const always = [...after.each];
  for (const { title, run } of cases) {
    after.each = [...always];
    let error: string | null = null;
    let value: unknown;
    try {
      value = await run();
    } catch (thrown) {
      error = String((thrown as Error).stack ?? thrown);
    }
    for (const call of after.each) await (call as () => unknown)();
    process.stdout.write(`${JSON.stringify({ title, error, value })}\n`);
  }
  process.exit();
}
