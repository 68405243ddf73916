// Runs programs on one runtime and gives what became of each check: `{ door, id, title, failure? }`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/** Long enough for every check to use up its own time limit. */
const LIMIT_MS = 10 * 60_000;
/** A process that has nothing left to do ends within a second, or never. */
const END_LIMIT_MS = 20_000;

/** @param command such as `['deno', 'run', '-A']` */
export async function runChecks(command, program, known) {
  const { code, stdout, stderr } = await execute([...command, program, ...known.map((id) => `!${id}`)], LIMIT_MS);
  if (code !== 0) throw new Error(`${command[0]} ended with ${code}:\n${stderr}`);
  return resultsIn(stdout);
}

/** D8 needs a process of its own, whose end is looked at. */
export async function runUnfinished(command, program) {
  const { code, stderr } = await execute([...command, program], END_LIMIT_MS);
  const isNamed = stderr.includes('GATE_UNFINISHED') && stderr.includes('step "never"');
  const failure = code === 1 && isNamed ? undefined : `ended with ${code} and ${isNamed ? 'the' : 'no'} warning`;
  return { door: 'core', id: 'D8', title: 'D8: a process whose bootstrap can never finish says so', failure };
}

/** workerd runs a bundled worker's `test()`. */
export async function runWorker(workerd, worker) {
  const config = worker.replace(/mjs$/, 'capnp');
  writeFileSync(config, capnp(path.basename(worker)));
  const { code, stdout, stderr } = await execute([workerd, 'test', config], LIMIT_MS);
  const results = resultsIn(`${stdout}\n${stderr}`);
  if (results.length === 0) throw new Error(`workerd ended with ${code}:\n${stdout}${stderr}`);
  const failure = code === 0 ? undefined : (stderr.match(/uncaught exception.*/)?.[0] ?? `ended with ${code}`);
  return [...results, { door: 'core', id: 'R2', title: 'nothing is thrown that nobody catches', failure }];
}

const capnp = (file) => `using Workerd = import "/workerd/workerd.capnp";
const unitTests :Workerd.Config = (services = [(name = "main", worker = .worker)]);
const worker :Workerd.Worker = (
  modules = [(name = "${file}", esModule = embed "${file}")],
  bindings = [(name = "SELF", service = "main")],
  compatibilityDate = "2026-11-17",
);
`;

function resultsIn(output) {
  const lines = output.split('\n').filter((line) => line.includes('{"door":'));
  return lines.map((line) => JSON.parse(line.slice(line.indexOf('{"door":'))));
}

async function execute([program, ...args], limitMs) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: limitMs, killSignal: 'SIGKILL' });
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code, signal] = await once(child, 'exit');
  const [stdout, stderr] = await outputs;
  return { code: code ?? signal, stdout, stderr };
}
