// Runs the examples as a reader does: copies each out of the repository, installs it from the packed packages by npm,
// starts it, and sends the requests that its README shows. `npm run examples -- express` for some. Needs a build.
//
// That is every examples/* whose `npm start` runs its sources. Its README shows, in this order, what is sent and what
// comes back: a block of `curl localhost:3000/…` and a block with the answer. A program that ends by itself shows, after
// the block with `npm start`, what it prints.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pack } from './consumers/pack.mjs';
import { members, root, run } from './workspace.mjs';

const DEADLINE_MS = 60_000;
const REQUEST = /^```sh\ncurl (?:-\S+ )?(?:http:\/\/)?localhost:3000(\S*)\n```\n+```\w*\n(.*?)\n?```$/gms;
const OUTPUT = /npm start[^\n]*\n```\n+```\w*\n(.*?)\n?```$/ms;

const asked = process.argv.slice(2);
const manifestOf = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
const examples = members
  .filter(
    (folder) => folder.startsWith('examples/') && /^(?!.*\bdist\/)/.test(manifestOf(folder).scripts?.start ?? 'dist/'),
  )
  .filter((folder) => asked.length === 0 || asked.includes(basename(folder)));

const temporary = mkdtempSync(join(tmpdir(), 'bootstrap-gate-examples-'));
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));
const tarballs = Object.values(pack(join(temporary, 'tarballs')));
for (const folder of examples) {
  const begun = Date.now();
  const problem = await tryOut(folder);
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  console.log(`${folder}: ${problem ? `FAILED: ${problem}` : 'ok'} in ${seconds} s`);
  if (problem) process.exitCode = 1;
}

/** What is wrong with an example, or nothing. */
async function tryOut(folder) {
  const cwd = join(temporary, basename(folder));
  const kept = (path) => !/\/(node_modules|dist|test)$/.test(path);
  cpSync(join(root, folder), cwd, { recursive: true, filter: kept });
  if (/"workspace:/.test(readFileSync(join(cwd, 'package.json'), 'utf8'))) {
    return 'npm does not know "workspace:"; name the published range, such as ^0.1.0';
  }
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error'];
  if (!run('npm', ['install', ...quiet, ...tarballs], { cwd })) return 'npm install failed';

  const readme = readFileSync(join(cwd, 'README.md'), 'utf8');
  const requests = [...readme.matchAll(REQUEST)].map(([, path, answer]) => ({ path, answer }));
  const program = await start(cwd);
  try {
    if (requests.length > 0) return await compare(program, requests);
    const [, shown] = OUTPUT.exec(readme) ?? [];
    if (shown === undefined) return 'its README shows neither a curl with its answer nor what npm start prints';
    const code = await Promise.race([program.ended, setTimeout(DEADLINE_MS, 'no end', { ref: false })]);
    if (code !== 0) return `npm start: ${code}\n${program.output()}`;
    return program.output().includes(shown) ? undefined : `it prints\n${program.output()}\nand not\n${shown}`;
  } finally {
    program.stop();
  }
}

/** All requests at once, as soon as the port is open: the bootstrap has just begun. */
async function compare({ origin, ended, output }, requests) {
  let running = true;
  void ended.then(() => (running = false));
  const deadline = Date.now() + DEADLINE_MS;
  while (running && Date.now() < deadline && !(await fetch(`${origin}/livez`).catch(() => undefined))) {
    await setTimeout(50);
  }
  if (!running) return `npm start ended\n${output()}`;
  const answers = await Promise.all(
    requests.map(({ path }) =>
      fetch(origin + path, { signal: AbortSignal.timeout(DEADLINE_MS) }).then(
        async (response) => (await response.text()).trim(),
        String,
      ),
    ),
  );
  const wrong = requests.findIndex(({ answer }, index) => answers[index] !== answer.trim());
  return wrong < 0 ? undefined : `${requests[wrong].path} is answered\n${answers[wrong]}\n${output()}`;
}

async function start(cwd) {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), NODE_ENV: 'production' };
  // A group of its own: npm starts a shell, which starts the program.
  const child = spawn('npm', ['start', '--silent'], { cwd, env, detached: true });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (data) => (text += data));
  const ended = new Promise((resolve) => child.once('close', resolve));
  const stop = () => child.exitCode === null && process.kill(-child.pid, 'SIGKILL');
  return { origin: `http://127.0.0.1:${port}`, ended, output: () => text, stop };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
