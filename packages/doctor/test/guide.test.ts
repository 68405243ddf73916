import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { readCommandLine } from '../src/command-line.js';
import { USAGE } from '../src/usage.js';
import { build, type Built } from './support/build.js';
import { doctor } from './support/doctor.js';
import { root } from './support/root.js';
import { freePort } from './support/services.js';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

const read = (file: string) => readFileSync(path.join(root, '../..', file), 'utf8');
const guide = read('docs/guides/check-your-start-in-ci.md');
const readme = read('packages/doctor/README.md');
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code);
const commands = (text: string) => text.match(/(?<=npx @bootstrap-gate\/doctor ).*?-- [^\n`<|]+/g) ?? [];
const words = (command: string) => command.trim().split(/\s+/);

let built: Built;
let cwd: string;

beforeAll(() => (built = build()));
afterAll(() => built.remove());
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'doctor-guide-'));
  copyFileSync(path.join(root, 'test/apps/shop.cjs'), path.join(cwd, 'server.js'));
  // Built, and with what its users ask for first.
  mkdirSync(path.join(cwd, 'dist'));
  writeFileSync(
    path.join(cwd, 'dist/server.js'),
    `require('node:http').createServer((req, res) => {
       res.statusCode = ['/', '/api/cities', '/ready'].includes(req.url) ? 200 : 404;
       res.end('Bern');
     }).listen(process.env.PORT);`,
  );
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

/** As the shell would run it, with the doctor of this tree. */
async function run(command: string, env: Readonly<Record<string, string>> = {}) {
  const all = words(command);
  const cut = all.indexOf('--');
  return doctor(built, {
    command: all.slice(cut + 1),
    args: all.slice(0, cut),
    env: { PORT: String(await freePort()), NODE_PATH: path.join(root, 'node_modules'), ...env },
    cwd,
  });
}

test('every command of the guide, the README, the pages of the findings and --help is one that the doctor accepts', () => {
  const pages = readdirSync(path.join(root, '../../docs/doctor')).map((page) => read(`docs/doctor/${page}`));
  const all = [guide, readme, USAGE, ...pages].flatMap(commands);
  expect(all.length).toBeGreaterThan(7);
  for (const command of all) expect(readCommandLine(words(command))).toMatchObject({ kind: 'examine' });
});

test('the first command of the guide examines a built application', async () => {
  const [first = ''] = blocks(guide, 'sh').flatMap(commands);
  const outcome = await run(first);
  expect(outcome.stdout).toContain('/ready told the truth');
  expect(outcome.code).toBe(0);
});

test('the action of the guide is a workflow, and its step leaves the page that it keeps', async () => {
  const [yaml = ''] = blocks(guide, 'yaml');
  const { jobs } = parse(yaml) as { jobs: { doctor: { services: object; steps: Step[] } } };
  const { steps } = jobs.doctor;
  expect(steps.flatMap(({ uses }) => uses ?? [])).toEqual([
    expect.stringMatching(/^actions\/checkout@v\d+$/),
    expect.stringMatching(/^actions\/setup-node@v\d+$/),
    expect.stringMatching(/^actions\/upload-artifact@v\d+$/),
  ]);
  const examine = steps.find(({ run: command }) => command?.includes('doctor'));
  const outcome = await run(commands(`${examine?.run}\n`)[0] ?? '', examine?.env);
  expect(outcome.code).toBe(0);
  expect(existsSync(path.join(cwd, String(steps.at(-1)?.with?.['path'])))).toBe(true);
});

test('the README shows what the doctor says of the application in its test, apart from figures', async () => {
  const shown = blocks(readme, 'text').find((text) => text.includes('Doctor ·'));
  const outcome = await run('-- node server.js');
  const said = outcome.stdout.replaceAll(process.execPath, 'node').replace(/--json \S+ /, '');
  expect(plain(said)).toEqual(plain(shown ?? ''));
  expect(outcome.code).toBe(1);
});

/** Its lines without figures, in an order of their own: two moments may be the same. */
function plain(text: string): string[] {
  return text
    .replace(/(\d+(\.\d+)?|once|twice)( times)?/g, 'N')
    .replace(/N–N/g, 'N')
    .replace(/ +/g, ' ')
    .trim()
    .split('\n')
    .sort();
}
