// What a release would do, without doing it: packs every published package and has npm try to publish the tarball. Needs
// a build.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from './consumers/pack.mjs';
import { published, root } from './workspace.mjs';

const folder = mkdtempSync(join(tmpdir(), 'bootstrap-gate-publish-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const tarballs = pack(folder);
const problems = published.flatMap(({ folder, manifest }) => problemsOf(folder, manifest, tarballs[manifest.name]));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

function problemsOf(folder, manifest, tarball) {
  const { name, version } = manifest;
  const packed = JSON.parse(execFileSync('tar', ['-xOzf', tarball, 'package/package.json'], { encoding: 'utf8' }));
  const ranges = Object.values({ ...packed.dependencies, ...packed.peerDependencies });
  const wrong = [
    [!ranges.some((range) => range.startsWith('workspace:')), 'a range with "workspace:" is packed'],
    [packed.repository?.directory === folder, `repository.directory is not ${folder}`],
    [
      packed.license === 'MIT' && packed.description && packed.homepage && packed.bugs,
      'a field about the project is missing',
    ],
    [packed.keywords?.length >= 5, 'fewer than five keywords'],
    [packed.engines?.node === published[0].manifest.engines.node, 'engines differ from those of the other packages'],
    [packed.publishConfig?.provenance && packed.publishConfig.access === 'public', 'publishConfig wants no provenance'],
    [readFileSync(join(root, folder, 'README.md'), 'utf8').includes(name), 'its README does not name it'],
  ].filter(([right]) => !right);
  try {
    // Provenance can be made in the release workflow only.
    const args = [
      'publish',
      tarball,
      '--dry-run',
      '--provenance=false',
      '--ignore-scripts',
      '--loglevel',
      'error',
      '--tag',
      'latest',
    ];
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'pipe'], shell: process.platform === 'win32' });
  } catch (error) {
    wrong.push([false, `npm would not publish it: ${error.stderr}`]);
  }
  console.log(`${name}@${version}: ${wrong.length === 0 ? 'fit to publish' : 'NOT fit to publish'}`);
  return wrong.map(([, problem]) => `${name}: ${problem}`);
}
