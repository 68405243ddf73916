/** The facts of the correctness matrix, small, for the gate and for what is written by hand. Times are for the document. */
import { factOf, type ScenarioName, type Sizes } from '../src/scenario.js';

/** More are held than a gate has places. */
const sizes: Sizes = { callers: 10, held: 1_100, released: 50, patienceMs: 3_000 };

type Facts = readonly [gate: string | RegExp, byHand: string | RegExp];

const facts: Readonly<Record<string, readonly [ScenarioName, ...Facts]>> = {
  'A1 concurrent callers share one run': ['bootstrap-runs', '1 run; 10 × 200', '1 run; 10 × 200'],
  'A3 a failure is not remembered for ever, as a rejected promise is': [
    'recovery',
    'yes: first 503 ERR_GATE_BOOTSTRAP_FAILED, later 200; 2 runs',
    'no, remembered for ever: first 500, later 500; 1 run',
  ],
  'A6 requests go on in their own context, as after an await': [
    'async-context',
    '20 of 20 in their own',
    '20 of 20 in their own',
  ],
  'H3 the handler does not run for clients that left': [
    'gone-client',
    'runs for 0 of 10; the one that stayed is answered 200',
    'runs for 10 of 10; the one that stayed is answered 200',
  ],
  'D5 a bootstrap that asks its own server is told': [
    'self-request',
    /^answers 503 ERR_GATE_LOOPBACK after \d+ ms; 1 run$/,
    'still waiting after 2 s; 1 run',
  ],
  'H2 what has no place is denied at once': [
    'many-held',
    /^1,000 × 200, 100 × 503 \(100 at once\), -?\d+ MB; with a wider limit 1,100 × 200, -?\d+ MB$/,
    /^1,100 × 200, -?\d+ MB; no limit$/,
  ],
  'H7 held requests end on SIGTERM, and so does the process': [
    'sigterm',
    /^10 of 10 answered 503 ERR_GATE_CLOSED; exits by itself, code 0, after \d+ ms$/,
    'none is answered; still running after 3 s',
  ],
  'H5 middleware does not hold upgrades': [
    'upgrade',
    'answers 101, the application is not ready',
    'answers 101, the application is not ready',
  ],
  'H4 all of a herd are released': [
    'release-latency',
    /^\S+ ms; last answer after \d+ ms$/,
    /^\S+ ms; last answer after \d+ ms$/,
  ],
};

test.each(Object.entries(facts))('%s', async (_title, [scenario, gate, byHand]) => {
  expect(await factOf(scenario, 'bootstrapGate', sizes)).toMatch(exactly(gate));
  expect(await factOf(scenario, 'a shared promise', sizes)).toMatch(exactly(byHand));
});

test('H5 gateServer holds upgrades', async () => {
  expect(await factOf('upgrade', 'gateServer', sizes)).toBe('answers 101, when the application is ready');
});

test('what holds nothing has no fact about holding', async () => {
  expect(await factOf('sigterm', 'no gate', sizes)).toBe('does not apply, nothing is held');
});

/** A text matches as a whole. */
const exactly = (fact: string | RegExp): RegExp =>
  typeof fact === 'string' ? new RegExp(`^${fact.replace(/[.*+?()]/g, '\\$&')}$`) : fact;
