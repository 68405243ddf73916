// Installs the packages as a user would: packed, by npm, in folders outside the workspace, beside the oldest and the newest
// framework. There it compiles against them and runs them on every Node version, then by tools that find modules in
// their own way. `npm run consumers -- 24` for one Node, `-- webpack Next` for some tools. Needs a build.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installCompiler, installConsumer } from './consumers/install.mjs';
import { pack } from './consumers/pack.mjs';
import { writePrograms } from './consumers/programs.mjs';
import { consumeByTools } from './consumers/tools.mjs';
import { compileConsumer } from './consumers/typescript.mjs';
import { root, run } from './workspace.mjs';

const NODES = ['20.19.0', '22.12.0', '24', '26'];

// What is installed beside the packages. The oldest are the floors of the peer ranges: npm refuses what is below.
const oldest = { 'prom-client': '15.0.0', '@opentelemetry/api': '1.9.0' };
const newest = { 'prom-client': '15.1.3', '@opentelemetry/api': '1.10.0' };
const nest = (version) => ({
  '@nestjs/common': version,
  '@nestjs/core': version,
  '@nestjs/platform-express': version,
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
});
const consumers = {
  'Express 4.14.0': { ...oldest, express: '4.14.0', '@types/express': '4.16.0' },
  'Express 5.3.0': { ...newest, express: '5.3.0', '@types/express': '5.0.6' },
  'Koa 2.3.0': { ...oldest, koa: '2.3.0', '@types/koa': '2.0.52' },
  'Fastify 5.0.0': { ...oldest, fastify: '5.0.0' },
  'Fastify 5.12.8': { ...newest, fastify: '5.12.8' },
  'Nest 11.1.4': { ...oldest, ...nest('11.1.4') },
  'Nest 12.5.1': { ...newest, ...nest('12.5.1') },
  'Koa 3.3.0': { ...newest, koa: '3.3.0', '@types/koa': '3.0.3' },
};

const asked = process.argv.slice(2);
const askedNodes = asked.filter((argument) => /^\d/.test(argument));
const askedTools = asked.filter((argument) => !askedNodes.includes(argument));
const folder = mkdtempSync(join(tmpdir(), 'bootstrap-gate-consumers-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const tarballs = pack(join(folder, 'tarballs'));
const passed =
  (askedTools.length > 0 || consume()) && (askedNodes.length > 0 || consumeByTools(folder, tarballs, askedTools));
process.exitCode = passed ? 0 : 1;

function consume() {
  const nodes = (askedNodes.length > 0 ? askedNodes : NODES).map(nodeBinary);
  const compilers = [
    // Here node16 and nodenext are still one.
    { tsc: installCompiler(join(folder, 'typescript'), '5.0.4'), resolutions: ['node16', 'bundler'] },
    { tsc: join(root, 'node_modules/typescript7/bin/tsc'), resolutions: ['node16', 'nodenext', 'bundler'] },
  ];
  return Object.entries(consumers).every(([title, beside], index) => {
    console.log(`\n${title}`);
    const cwd = join(folder, String(index));
    installConsumer(cwd, { tarballs, beside });
    writePrograms(cwd);
    return (
      compileConsumer(cwd, compilersFor(title, compilers)) && nodes.every((node) => run(node, ['run.mjs'], { cwd }))
    );
  });
}

/** What the framework's own types can do: those of Fastify need TypeScript 5.4, and Nest 12 is ES modules only. */
function compilersFor(title, compilers) {
  const recent = /^(Fastify|Nest)/.test(title) ? compilers.slice(1) : compilers;
  if (!title.startsWith('Nest 12')) return recent;
  return recent.map(({ tsc, resolutions }) => ({ tsc, resolutions: resolutions.filter((name) => name !== 'node16') }));
}

/** The npm package `node` carries the binary, so nothing has to be on the machine. */
function nodeBinary(version) {
  const args = ['--yes', '-p', `node@${version}`, '--', 'node', '--print', 'process.execPath'];
  return execFileSync('npx', args, { encoding: 'utf8', shell: process.platform === 'win32' }).trim();
}
