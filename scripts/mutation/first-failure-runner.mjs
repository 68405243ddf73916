// Jest's runner for one mutant: only the files that have one of its tests, the quickest first, up to the first failure.
import { readFileSync, writeFileSync } from 'node:fs';
import TestRunner from 'jest-runner';

export default class FirstFailureRunner extends TestRunner {
  async runTests(tests, watcher) {
    const notes = `${this._globalConfig.rootDir}/tests-by-file.json`;
    if (process.env.__STRYKER_ACTIVE_MUTANT__) await this.#runMutant(chosen(tests, this.#pattern(), notes), watcher);
    else await this.#runAll(tests, watcher, notes);
  }

  /** The run without a mutant: notes which tests are where. */
  async #runAll(tests, watcher, notes) {
    const byFile = {};
    this.on('test-file-success', ([{ path }, { testResults, perfStats }]) => {
      byFile[path] = {
        tests: testResults.map(({ fullName }) => fullName),
        tookMs: perfStats.runtime,
        slowestMs: Math.max(0, ...testResults.map(({ duration }) => duration ?? 0)),
      };
    });
    await super.runTests(tests, watcher, { serial: true });
    writeFileSync(notes, JSON.stringify(byFile));
  }

  async #runMutant(tests, watcher) {
    let failed = false;
    this.on('test-file-success', ([, result]) => (failed ||= result.numFailingTests > 0));
    this.on('test-file-failure', () => (failed = true));
    for (const test of tests) {
      if (!failed) await super.runTests([test], watcher, { serial: true });
    }
  }

  #pattern() {
    const { testNamePattern } = this._globalConfig;
    return new RegExp(testNamePattern ?? '', 'i');
  }
}

function chosen(tests, pattern, notes) {
  const byFile = JSON.parse(readFileSync(notes, 'utf8'));
  return tests
    .filter(({ path }) => byFile[path].tests.some((name) => pattern.test(name)))
    .sort((a, b) => byFile[a.path].tookMs - byFile[b.path].tookMs);
}
