/**
 * As much of Jest as cases need that run in a process of their own, whose heap stays small: a heap snapshot, which proves
 * hopeless waits, is not taken of a large one. A file of cases imports this first. They run when it is loaded, one after
 * another, and each prints a line of JSON.
 */
import { createRequire } from 'node:module';
import { format } from 'node:util';
import { setProofHeapLimit } from '@bootstrap-gate/deadlock';

export interface Outcome {
  readonly title: string;
  /** The stack of what the case threw. */
  readonly error: string | null;
  /** What it came to. */
  readonly value?: unknown;
}

type Call = (...args: never[]) => unknown;

const requireAt = (at: string, name: string): NodeJS.Require => createRequire(createRequire(at).resolve(name));
const [, , jestAt = ''] = process.argv;
const core = requireAt(jestAt, '@jest/core');
const { ModuleMocker } = createRequire(core.resolve('jest-runtime'))('jest-mock') as {
  ModuleMocker: new (global: object) => Pick<typeof jest, 'fn' | 'spyOn' | 'restoreAllMocks'>;
};
const mocker = new ModuleMocker(globalThis);

const cases: { readonly title: string; readonly run: Call }[] = [];
const after: { readonly each: Call[]; readonly all: Call[] } = { each: [], all: [] };

const test = (title: string, run: Call): void => void cases.push({ title, run });
test.each =
  (rows: readonly unknown[]) =>
  (title: string, run: Call): void => {
    for (const row of rows) {
      const args = [row].flat() as never[];
      test(title.includes('%') ? format(title, args[0]) : title, () => run(...args));
    }
  };

Object.assign(globalThis, {
  test,
  expect: (core('expect') as { expect: unknown }).expect,
  afterEach: (call: Call) => void after.each.push(call),
  afterAll: (call: Call) => void after.all.push(call),
  jest: {
    fn: mocker.fn.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
    restoreAllMocks: () => void mocker.restoreAllMocks(),
  },
});

setImmediate(() => void runAll());

async function runAll(): Promise<void> {
  setProofHeapLimit(64);
  setInterval(() => {}, 60_000); // a case that hangs may leave the process with nothing to do
  for (const { title, run } of cases) {
    let error: string | null = null;
    let value: unknown;
    try {
      value = await run();
    } catch (thrown) {
      error = String((thrown as Error).stack ?? thrown);
    }
    for (const call of after.each) await call();
    process.stdout.write(`${JSON.stringify({ title, error, value } satisfies Outcome)}\n`);
  }
  process.exit();
}
