// Jest's environment for one mutant. After the first failure the tests of a file are skipped, and none takes many times as
// long as it did without a mutant: one that makes all of them hang costs the time limit of one.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { TestEnvironment } from 'jest-environment-node';

/** What no test exceeds because the machine is busy, beside ten times what it took. */
const GRACE_MS = 5_000;

export default class FirstFailureEnvironment extends TestEnvironment {
  #failed = false;
  #limitMs;
  #inChildren;

  constructor(config, context) {
    super(config, context);
    const { rootDir, testEnvironmentOptions } = config.projectConfig;
    if (process.env.__STRYKER_ACTIVE_MUTANT__) this.#limitMs = GRACE_MS + 10 * slowestTest(rootDir, context.testPath);
    const test = relative(rootDir, context.testPath).replaceAll('\\', '/');
    this.#inChildren = (testEnvironmentOptions.inChildren[test] ?? []).flatMap((file) =>
      mutantsOf(`${rootDir}/${file}`),
    );
  }

  async handleTestEvent({ name, test }) {
    if (name === 'test_start') test.timeout ??= this.#limitMs;
    if (name === 'test_start' && this.#failed) test.mode = 'skip';
    if (name !== 'test_done') return;
    this.#failed ||= test.errors.length > 0;
    this.#noteChildren(this.global.__stryker__);
  }

  /** A mutant is alive in child processes, too, but which ones they come by is not noted there. */
  #noteChildren(stryker) {
    if (!stryker?.currentTestId || this.#inChildren.length === 0) return;
    const { perTest } = (stryker.mutantCoverage ??= { static: {}, perTest: {} });
    const covered = (perTest[stryker.currentTestId] ??= {});
    for (const id of this.#inChildren) covered[id] ??= 1;
  }
}

const slowestTest = (rootDir, path) =>
  JSON.parse(readFileSync(`${rootDir}/tests-by-file.json`, 'utf8'))[path].slowestMs;

const mutantsOf = (file) =>
  [...readFileSync(file, 'utf8').matchAll(/\bstryMutAct_\w+\("(\d+)"\)/g)].map(([, id]) => id);
