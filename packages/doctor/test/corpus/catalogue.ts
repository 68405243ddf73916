/** The small applications, and what the doctor must say of each. */
import type { Code } from '../../src/finding.js';

export interface Case {
  readonly name: string;
  readonly command: readonly string[];
  readonly args?: readonly string[];
  /** A service the application needs: its address is in the environment. */
  readonly needs?: 'postgres' | 'service' | 'port';
  readonly finds: readonly Code[];
  /** Warnings, which do not fail the examination. */
  readonly warns?: readonly Code[];
  readonly exit: 0 | 1 | 3;
  /** Lines that a finding must name, as `file:line`. */
  readonly places?: readonly string[];
  /** Files of which no line may be named. */
  readonly silent?: readonly string[];
  /** The oldest major version of Node that can run it. */
  readonly since?: number;
  /** The proposed edits turn the finding off. */
  readonly cured?: boolean;
}

function broken(file: string, finds: readonly Code[], more: Partial<Case> = {}): Case {
  return { name: file, command: ['node', file], finds, exit: 1, ...more };
}

function sound(file: string, more: Partial<Case> = {}): Case {
  return { name: file, command: ['node', file], finds: [], exit: 0, ...more };
}

const OUTSIDE = ['--no-preload', '--port', '$PORT'];
const QUICK = ['--limit', '5', '--grace', '2'];

export const BROKEN: readonly Case[] = [
  broken('route-late.cjs', ['EARLY-WRONG'], { cured: true }),
  broken('route-late.mjs', ['EARLY-WRONG'], { args: ['--path', '/cities'], cured: true }),
  broken('list-fills.cjs', ['EARLY-WRONG'], { cured: true }),
  broken('health-lies.cjs', ['EARLY-WRONG', 'HEALTH-LIES'], { cured: true }),
  broken('koa-late.cjs', ['EARLY-WRONG'], { cured: true }),
  broken('fastify-late.mjs', ['EARLY-WRONG']),
  broken('http-late.cjs', ['EARLY-WRONG']),
  broken('https-late.mjs', ['EARLY-WRONG']),
  broken('h2c-late.mjs', ['EARLY-WRONG']),
  broken('h2-streams-late.mjs', ['EARLY-WRONG']),
  broken('cluster-late.cjs', ['EARLY-WRONG'], { needs: 'port' }),
  broken('child-late.cjs', ['EARLY-WRONG']),
  broken('typescript-late.ts', ['EARLY-WRONG'], { command: ['node', '--import', 'tsx', 'typescript-late.ts'] }),
  broken('typescript-late.ts by tsx', ['EARLY-WRONG'], {
    command: ['node', '../node_modules/tsx/dist/cli.mjs', 'typescript-late.ts'],
  }),
  broken('typescript-late.ts by Node', ['EARLY-WRONG'], {
    command: ['node', '--experimental-strip-types', 'typescript-late.ts'],
    since: 22,
  }),
  broken('http-late.cjs from outside', ['EARLY-WRONG'], {
    command: ['node', 'http-late.cjs'],
    needs: 'port',
    args: OUTSIDE,
  }),
  broken('npm-script', ['EARLY-WRONG'], { command: ['npm', '--prefix', 'npm-script', 'start'] }),
  broken('migrate-each.cjs', ['INIT-TWICE', 'SENT-TWICE'], { needs: 'postgres', cured: true }),
  broken('connect-each.cjs', ['INIT-TWICE'], { needs: 'service', cured: true }),
  broken('self-fetch.cjs', ['SELF-REQUEST'], { places: ['self-fetch.cjs:10'] }),
  broken('self-fetch-early.cjs', ['SELF-REQUEST'], { needs: 'port', places: ['self-fetch-early.cjs:7'] }),
  broken('ends-0.cjs', ['START-ENDED'], { places: ['ends-0.cjs:8'] }),
  broken('ends-13.mjs', ['START-ENDED'], { places: ['ends-13.mjs:4'] }),
  // The loser of the race is not what it waits for.
  broken('lost-race-ends.cjs', ['START-ENDED'], { silent: ['lost-race-ends.cjs'] }),
  broken('await-cycle', ['DEADLOCK'], {
    command: ['node', 'await-cycle/server.mjs'],
    args: QUICK,
    places: ['database.mjs:12', 'config.mjs:12'],
  }),
  broken('never-settles.cjs', ['NEVER-SETTLES'], { args: QUICK, places: ['never-settles.cjs:13'] }),
  broken('never-answers.cjs', ['NEVER-SETTLES'], { args: QUICK }),
  broken('half-alive.cjs', ['HALF-ALIVE'], { needs: 'service', args: ['--down', '127.0.0.1:$SERVICE_PORT'] }),
  broken('half-alive.cjs silent', ['HALF-ALIVE'], {
    command: ['node', 'half-alive.cjs'],
    needs: 'service',
    args: ['--down', 'localhost:$SERVICE_PORT=silent'],
  }),
  broken('sigterm-ignored.cjs', ['SIGTERM-IGNORED'], { args: QUICK }),
  broken('sigterm-during-start.cjs', ['SIGTERM-IGNORED'], { args: [...QUICK, '--interrupt'] }),
  broken('sigterm-after-a-slow-first-start.cjs', ['SIGTERM-IGNORED'], { args: [...QUICK, '--interrupt'] }),
  broken('crash.cjs', ['START-ENDED']),
  broken('pg-down.cjs', ['START-ENDED'], { places: ['pg-down.cjs:6'] }),
  broken('redis-down.cjs', ['NEVER-SETTLES'], { args: QUICK, places: ['redis-down.cjs:8'] }),
  broken('mongo-down.cjs', ['HALF-ALIVE'], { args: QUICK }),
];

export const SOUND: readonly Case[] = [
  sound('late-express.cjs'),
  sound('late-express.cjs from outside', { command: ['node', 'late-express.cjs'], needs: 'port', args: OUTSIDE }),
  sound('late-koa.mjs', { args: ['--interrupt'] }),
  sound('late-fastify.mjs'),
  // Slow, as on a busy machine, and no hang.
  sound('computes.cjs', { args: ['--limit', '2'] }),
  sound('csrf-token.cjs'),
  sound('experiment.cjs'),
  sound('growing-list.cjs'),
  sound('single-page.cjs'),
  sound('redirect.cjs'),
  sound('heartbeat.cjs'),
  sound('pool-grows.cjs', { needs: 'postgres' }),
  sound('asks-upstream.cjs', { needs: 'service' }),
  sound('lost-race.cjs'),
  sound('cluster-sound.cjs', { needs: 'port' }),
  sound('gated.cjs', { args: ['--interrupt'] }),
  // Held for longer than an ordinary request may take.
  sound('gated-slow.cjs'),
  sound('two-servers.cjs'),
  sound('says-not-yet.cjs', { warns: ['EARLY-WRONG'] }),
  sound('rate-limiter.cjs', { exit: 3 }),
  sound('nothing-here.cjs', { exit: 3 }),
];

const isPossible = ({ since = 0 }: Case): boolean => Number.parseInt(process.versions.node, 10) >= since;

/** What this version of Node can run. */
export const CASES: readonly Case[] = [...BROKEN, ...SOUND].filter(isPossible);
