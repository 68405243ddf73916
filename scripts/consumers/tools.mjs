// Consumers that leave it to a tool to find the packages: to bundle, to test, to install. Each is tried once.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../workspace.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

const npm = ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error'];
const pnpm = ['npx', '--yes', 'pnpm@10.34.9'];
const yarn = ['npx', '--yes', '-p', '@yarnpkg/cli-dist@4.18.1', 'yarn'];
const bundle = 'program.mjs --bundle --platform=node --log-level=warning'.split(' ');
const declarations = '--declaration --strict --target es2022 --module nodenext --types node --outDir out'.split(' ');

/** What is installed beside the packages, and the commands that must succeed there, the first of which installs. */
const tools = {
  'Jest 28': { beside: { express: '5.3.0', jest: '28.1.3' }, commands: [npm, ['npx', 'jest']] },
  esbuild: {
    beside: { express: '5.3.0', esbuild: '0.28.2' },
    commands: [npm, ['npx', 'esbuild', ...bundle, '--outfile=main.cjs'], ['node', 'main.cjs']],
  },
  webpack: {
    beside: { express: '5.3.0', webpack: '5.113.0' },
    commands: [npm, ['node', 'webpack.cjs'], ['node', 'webpacked.cjs']],
  },
  ncc: {
    beside: { express: '5.3.0', '@vercel/ncc': '0.45.0' },
    commands: [npm, ['npx', 'ncc', 'build', 'program.mjs', '-o', 'out', '-q'], ['node', 'out/index.mjs']],
  },
  'a single executable': {
    beside: { express: '5.3.0', esbuild: '0.28.2', postject: '1.0.0-alpha.6' },
    commands: [npm, ['node', 'single-executable.mjs']],
  },
  "Yarn's Plug'n'Play": {
    beside: { express: '5.3.0' },
    commands: [
      [...yarn, 'install', '--no-immutable'],
      [...yarn, 'node', 'program.mjs'],
    ],
  },
  // Its node_modules has only what package.json names: types of others have no name there (TS2742).
  'TypeScript under pnpm': {
    beside: { express: '5.3.0', '@types/express': '5.0.6', '@types/node': '20.19.43', typescript: '5.9.3' },
    commands: [
      [...pnpm, 'install', '--ignore-workspace', '--no-frozen-lockfile', '--reporter', 'append-only'],
      ['npx', 'tsc', ...declarations, 'types/infer.ts', 'types/infer-express.ts'],
      ['npx', 'tsc', ...declarations, 'types/infer-express.ts'],
    ],
  },
  Next: {
    beside: { next: '15.5.29', react: '19.0.9', 'react-dom': '19.0.9' },
    commands: [npm, ['node', 'run.mjs']],
  },
};

/** @param asked the names of tools to try; all of them where there is none */
export function consumeByTools(folder, tarballs, asked) {
  return Object.entries(tools)
    .filter(([title]) => asked.length === 0 || asked.includes(title))
    .every(([title, { beside, commands }]) => {
      const cwd = join(folder, title.replace(/\W+/g, '-'));
      writeConsumer(cwd, tarballs, beside);
      const failed = commands.find(([program, ...args]) => !run(program, args, { cwd, env: { CI: 'true' } }));
      console.log(failed ? `${title}: FAILED at ${failed.join(' ')}` : `${title}: ok`);
      return !failed;
    });
}

function writeConsumer(cwd, tarballs, beside) {
  mkdirSync(cwd, { recursive: true });
  cpSync(here('next' in beside ? 'tools/next' : 'tools'), cwd, { recursive: true });
  cpSync(here('programs/server.mjs'), join(cwd, 'server.mjs'));
  cpSync(here('types'), join(cwd, 'types'), { recursive: true });
  const packed = Object.fromEntries(Object.entries(tarballs).map(([name, tarball]) => [name, `file:${tarball}`]));
  const manifest = {
    private: true,
    dependencies: { 'bootstrap-gate': packed['bootstrap-gate'], ...beside },
    // The packages that it stands on are not published in this version; npm, Yarn and pnpm each read their own list.
    overrides: { '@bootstrap-gate/deadlock': packed['@bootstrap-gate/deadlock'] },
    resolutions: { '@bootstrap-gate/deadlock': packed['@bootstrap-gate/deadlock'] },
    pnpm: { overrides: { '@bootstrap-gate/deadlock': packed['@bootstrap-gate/deadlock'] } },
  };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest, null, 2));
}
