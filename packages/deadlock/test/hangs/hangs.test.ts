/**
 * The hang corpus: programs that hang in public, made small, and the verdict that each of them gets. README.md has the
 * table; this prints it with the times that were measured.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Hang, moments } from './support/hang.js';
import { program } from '../programs/run.js';

const certainties = ['certain', 'proven', 'stalled'] as const;

const hangs = readdirSync(__dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => {
    const { hang } = jest.requireActual<{ hang: Hang }>(join(__dirname, file));
    return { ...hang, file, name: file.replace(/\.ts$/, ''), modelledOn: sourceOf(file) };
  })
  .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));

function sourceOf(file: string): string {
  const [, url] = /^\/\*\*\n \* Modelled on (https:\S+)\n/.exec(readFileSync(join(__dirname, file), 'utf8')) ?? [];
  if (!url) throw new Error(`${file} does not say what it is modelled on`);
  return url;
}

function rank({ verdict, given }: Hang): number {
  return 10 * certainties.indexOf(verdict) + moments.indexOf(given);
}

const tookMs = new Map<string, number>();

interface Case {
  readonly title: string;
  readonly error: string | null;
  readonly value?: number;
}

const all = program(join(__dirname, 'support/all'), { sourceMaps: true, cwd: join(__dirname, '../..') });

let cases: readonly Case[];
beforeAll(async () => (cases = await all.lines<Case>(require.resolve('jest'))), 600_000);

test.each(hangs)('$rule: $name is $verdict, $given', ({ name }) => {
  const { error, value } = cases.find(({ title }) => title === name)!;
  expect(error).toBeNull();
  if (value === undefined) throw new Error('it does not tell when its verdict was given');
  tookMs.set(name, value);
});

test('README.md has a row for each of them', () => {
  const readme = readFileSync(join(__dirname, 'README.md'), 'utf8');
  const rows = readme.split('\n').filter((line) => line.startsWith('| ['));
  expect(rows.map((row) => row.replace(/ +/g, ' '))).toEqual(
    hangs.map(
      ({ name, file, modelledOn, verdict, given }) =>
        `| [${name}](${file}) | [${shortNameOf(modelledOn)}](${modelledOn}) | ${verdict} | ${given} |`,
    ),
  );
});

/** Such as nodejs/node#44494. */
function shortNameOf(url: string): string {
  const { hostname, pathname } = new URL(url);
  const [, owner, repository, , number] = pathname.split('/');
  return hostname === 'github.com' ? `${owner}/${repository}#${number}` : `Django ticket ${pathname.split('/').at(-1)}`;
}

afterAll(() => {
  const rows = hangs.map(({ name, verdict, given }) => {
    const time = tookMs.get(name)?.toFixed(1) ?? 'no verdict';
    return `${name.padEnd(42)}${verdict.padEnd(10)}${time.padStart(7)} ms   ${given}`;
  });
  process.stdout.write(`${rows.join('\n')}\n`);
});
