// Runs the suite on the other Node versions that are supported; `npm run test:nodes -- 22 packages/deadlock` for one of
// them, and some of the tests.
import { run } from './workspace.mjs';

const asked = process.argv.slice(2).filter((argument) => /^\d/.test(argument));
const paths = process.argv.slice(2).filter((argument) => !asked.includes(argument));
const versions = asked.length > 0 ? asked : ['22', '24', '26'];
// What a browser sees does not depend on the version of Node: `npm test` has tried it on this one.
const withoutBrowser = ['--testPathIgnorePatterns', '/node_modules/', '<rootDir>/examples/waiting-page/'];

for (const version of versions) {
  console.log(`\nNode ${version}`);
  // The npm package `node` carries the binary, so nothing has to be on the machine.
  const node = ['--yes', '-p', `node@${version}`, '--', 'node'];
  if (!run('npx', [...node, '--expose-gc', 'node_modules/jest/bin/jest.js', ...paths, ...withoutBrowser])) {
    console.error(`The suite fails on Node ${version}.`);
    process.exit(1);
  }
}
