/** The facts of the correctness matrix, small, for the gate and for what is written by hand. Times are for the document. */
import { factOf, type ScenarioName, type Sizes } from '../src/scenario.js';

/** More are held than a gate has places. */
const sizes: Sizes = { callers: 10, held: 1_100, released: 50, patienceMs: 3_000 };

const facts: Readonly<Record<string, readonly [row: ScenarioName, gate: RegExp, byHand: RegExp]>> = {
  'A1 concurrent callers share one run': ['bootstrap-runs', /^1 run, 10 × 200$/, /^1 run, 10 × 200$/],
  'A3 a failure is not remembered for ever, as a rejected promise is': [
    'recovery',
    /^yes: 503 ERR_GATE_BOOTSTRAP_FAILED, then 200$/,
    /^no: 500, then 500$/,
  ],
  'A6 requests go on in their own context, as after an await': ['async-context', /^20 of 20$/, /^20 of 20$/],
  'H3 the handler does not run for clients that left': ['gone-client', /^0 of 10$/, /^10 of 10$/],
  'D5 a bootstrap that asks its own server is told': [
    'self-request',
    /^answers 503 ERR_GATE_LOOPBACK after \d+ ms$/,
    /^still waiting after 8 s$/,
  ],
  'H2 what has no place is denied': [
    'many-held',
    /^1,000 × 200, 100 × 503, -?\d+ MB; with a wider limit 1,100 × 200, -?\d+ MB$/,
    /^1,100 × 200, -?\d+ MB$/,
  ],
  'H7 held requests end on SIGTERM, and so does the process': [
    'sigterm',
    /^10 × 503 ERR_GATE_CLOSED, exits by itself with code 0 after \d+ ms$/,
    /^none answered, still running after 3 s$/,
  ],
  'H5 middleware does not hold upgrades': ['upgrade', /^101 before the bootstrap$/, /^101 before the bootstrap$/],
  'H4 all of a herd are released': ['release-latency', /ms$/, /ms$/],
};

test.each(Object.entries(facts))('%s', async (_title, [row, gate, byHand]) => {
  expect(await factOf(row, 'bootstrapGate', sizes)).toMatch(gate);
  expect(await factOf(row, 'a shared promise', sizes)).toMatch(byHand);
});

test('H5 gateServer holds upgrades', async () => {
  expect(await factOf('upgrade', 'gateServer', sizes)).toBe('101 after the bootstrap');
});

test.each(['bootstrapGate of Fastify', 'GateModule of Nest'] as const)(
  'A3, A6, H7: %s has the facts of the gate',
  async (contender) => {
    for (const [row, gate] of Object.values(facts).filter(([row]) => /^(recovery|async-context|sigterm)$/.test(row))) {
      expect([row, await factOf(row, contender, sizes)]).toEqual([row, expect.stringMatching(gate)]);
    }
  },
);

test('what holds nothing has no fact about holding', async () => {
  expect(await factOf('sigterm', 'no gate', sizes)).toBe('does not apply');
});
