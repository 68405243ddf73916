// Jest's environment for one mutant: after the first failure the tests of a file are skipped. A mutant that makes all of
// them hang costs the time limit of one.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { TestEnvironment } from 'jest-environment-node';

export default class FirstFailureEnvironment extends TestEnvironment {
  #failed = false;
  #inChildren;

  constructor(config, context) {
    super(config, context);
    const { rootDir, testEnvironmentOptions } = config.projectConfig;
    const test = relative(rootDir, context.testPath).replaceAll('\\', '/');
    this.#inChildren = (testEnvironmentOptions.inChildren[test] ?? []).flatMap((file) =>
      mutantsOf(`${rootDir}/${file}`),
    );
  }

  async handleTestEvent({ name, test }) {
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

const mutantsOf = (file) =>
  [...readFileSync(file, 'utf8').matchAll(/\bstryMutAct_\w+\("(\d+)"\)/g)].map(([, id]) => id);
