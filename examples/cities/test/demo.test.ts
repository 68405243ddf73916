import { loadSome } from '../src/bootstrap.js';
import { cities } from '../src/dataset.js';
import { planCalls } from '../src/demo/calls.js';
import { sendHerd, type Outcome } from '../src/demo/herd.js';
import { isFlawless, table } from '../src/demo/table.js';
import { createUngatedApp } from '../src/demo/ungated-app.js';
import { listen } from './listen.js';

const calls = planCalls(30, cities.slice(0, 2_000));

test('without a gate: errors before the tables exist, too few cities while they fill', async () => {
  let loadHalf = async (): Promise<void> => {};
  let stop = async (): Promise<void> => {};
  const { listener } = createUngatedApp(async (boot, database) => {
    loadHalf = () => loadSome(1_000)(boot, database);
    stop = () => database.stop();
  });
  const { server, origin } = await listen(listener);
  const reasons = async () => [...new Set((await sendHerd(origin, calls, 0)).map(({ reason }) => reason))].sort();

  expect(await reasons()).toEqual(['status 500']);
  await loadHalf();
  expect(await reasons()).toEqual(['', 'too few cities']);

  server.close();
  server.closeIdleConnections();
  await stop();
}, 60_000);

describe('the table', () => {
  const [search, , note] = calls;
  const right: Outcome = { call: search!, verdict: 'right', reason: '', ms: 1_234 };
  const flawless = { outcomes: [right, { ...right, call: note! }], bootstraps: 1, notesAmiss: 0 };

  test('has a column for each run and says what was wrong', () => {
    const wrong: Outcome = { ...right, verdict: 'wrong', reason: 'too few cities', ms: 8 };
    const text = table({ before: { ...flawless, outcomes: [right, wrong, wrong] }, after: flawless });
    expect(text).toMatch(/before +after/);
    expect(text).toMatch(/right answers +1 +2/);
    expect(text).toMatch(/wrong answers +2 +0/);
    expect(text).toMatch(/slowest request +1\.23 s +1\.23 s/);
    expect(text).toMatch('Wrong before: 2 × too few cities.');
  });

  test.each([
    ['an answer is wrong', { ...flawless, outcomes: [{ ...right, verdict: 'wrong' as const }] }],
    ['an answer is missing', { ...flawless, outcomes: [{ ...right, verdict: 'unanswered' as const }] }],
    ['a note is lost or doubled', { ...flawless, notesAmiss: 1 }],
    ['the bootstrap ran twice', { ...flawless, bootstraps: 2 }],
  ])('calls a run flawed when %s', (_flaw, run) => {
    expect(isFlawless(flawless)).toBe(true);
    expect(isFlawless(run)).toBe(false);
  });
});
