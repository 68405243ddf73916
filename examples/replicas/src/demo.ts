/** `npm run demo:replicas`: ten replicas, one database, leaders that are killed while they load. */
import pg from 'pg';
import { allCities, sendRequests, type Answers } from './clients.js';
import { startDatabase } from './database.js';
import { Troop, type Happening } from './troop.js';

const full = { count: allCities, kills: 4, requests: 300, pauseMs: 60, leaseMs: 2_000 };
const quick = { count: 20_000, kills: 2, requests: 60, pauseMs: 20, leaseMs: 800 };
const { count, kills, requests, pauseMs, leaseMs } = process.argv.includes('--quick') ? quick : full;
const REPLICAS = 10;

console.log(`${REPLICAS} replicas of one application start together. One loads ${count.toLocaleString('en')} cities, nine wait;
${kills} leaders are killed (SIGKILL) while they load. Meanwhile ${requests} requests arrive. The lease is ${leaseMs} ms.
`);

const database = await startDatabase();
const troop = new Troop({ url: database.url, replicas: REPLICAS, kills, count, pauseMs, leaseMs, onHappening: print });
try {
  await troop.start();
  const [answers] = await Promise.all([sendRequests([...troop.ports.values()], requests, 3_000), troop.ready()]);
  const rows = await countRows();
  console.log(`\n${table(answers, rows)}`);
  process.exitCode = rows === count && answers.right === requests ? 0 : 1;
} finally {
  troop.stop();
  await database.stop();
}

function print({ ms, replica, what, step, attempt, text }: Happening): void {
  const details = [attempt && what !== 'done' ? `attempt ${attempt}` : '', text ?? ''].filter(Boolean).join(', ');
  const time = `${(ms / 1_000).toFixed(1)} s`.padStart(7);
  console.log(`${time}  ${replica.padEnd(7)} ${what.padEnd(11)} ${step.padEnd(7)} ${details}`);
}

async function countRows(): Promise<number> {
  const client = new pg.Client(database.url);
  await client.connect();
  const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM city');
  await client.end();
  return rows[0]?.n ?? 0;
}

function table(answers: Answers, rows: number): string {
  const of = (what: Happening['what']): Happening[] =>
    troop.happenings.filter((happening) => happening.what === what && happening.step === 'cities');
  const names = (found: Happening[]): string => found.map(({ replica }) => replica).join(', ') || 'none';
  const lines = {
    'led first': names(of('leads').slice(0, 1)),
    'killed while leading': of('killed')
      .map(({ replica, text }) => `${replica} ${text}`)
      .join(', '),
    'took over': names(of('takes over')),
    completed: names(of('done')),
    'rows loaded': `${rows.toLocaleString('en')} of ${count.toLocaleString('en')}, each once`,
    'requests answered': `${answers.right} of ${requests}`,
    'sent again': `${answers.resent} (their replica was killed)`,
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name.padEnd(22)}${value}`)
    .join('\n');
}
