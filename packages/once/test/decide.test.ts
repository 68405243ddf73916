import { decide } from '../src/decide.js';
import { findCycle } from '../src/cycle.js';
import { readStepOptions } from '../src/options.js';
import type { Owner, Peer, Run, View } from '../src/store.js';
import { nextPoll } from '../src/waiting.js';

const settings = readStepOptions('run', { key: 'v2', order: 2, attempts: 3 });
const owner = (more: Partial<Owner> = {}): Owner => ({
  session: 'theirs',
  host: 'web-2',
  pid: 2,
  ended: false,
  expired: false,
  status: null,
  ...more,
});
const run = (more: Partial<Run> = {}): Run => ({
  key: 'v2',
  order: 2,
  state: 'running',
  fence: 4,
  attempts: 1,
  result: null,
  error: null,
  retryInMs: 0,
  ...more,
});
const view = (more: Partial<View> = {}): View => ({
  revision: 9,
  fence: 4,
  running: null,
  run: null,
  ahead: null,
  ...more,
});
const held = (by: Owner, key = 'v2') => ({ key, since: 0, owner: by });
const failure = { name: 'Error', message: 'no', host: 'web-2', pid: 2, attempt: 1 };
const kindOf = (seen: View, session = 'mine', repeats = false) => decide(seen, settings, session, repeats).kind;

describe('what a call does next', () => {
  test('a step that was never run is claimed, as the first attempt', () => {
    expect(decide(view({ revision: 0, fence: 0 }), settings, undefined)).toEqual({
      kind: 'claim',
      attempts: 1,
      from: null,
    });
  });

  test('a done run is the result, whoever runs another version', () => {
    expect(kindOf(view({ run: run({ state: 'done' }), running: held(owner(), 'v3') }))).toBe('done');
  });

  test('O5: a newer version that is done satisfies, also while it runs again under another key', () => {
    expect(kindOf(view({ ahead: run({ key: 'v3', order: 3, state: 'done' }), running: held(owner(), 'v4') }))).toBe(
      'done',
    );
  });

  test('O5: nobody claims while another version runs', () => {
    expect(kindOf(view({ running: held(owner(), 'v1') }))).toBe('wait-owner');
  });

  test('an owner whose lease is over is ended before anybody claims', () => {
    expect(kindOf(view({ running: held(owner({ expired: true })), run: run() }))).toBe('bury');
  });

  test('O3: an ended owner is succeeded by the next attempt', () => {
    const dead = owner({ ended: true, expired: true });
    expect(decide(view({ running: held(dead), run: run() }), settings, 'mine')).toEqual({
      kind: 'claim',
      attempts: 2,
      from: dead,
    });
  });

  test('O3: an owner that ended during the last attempt is a failure', () => {
    const dead = owner({ ended: true });
    expect(decide(view({ running: held(dead), run: run({ attempts: 3 }) }), settings, 'mine')).toEqual({
      kind: 'exhausted',
      attempts: 3,
      owner: dead,
    });
  });

  test('O3: an attempt that gave way to another version counts', () => {
    expect(decide(view({ run: run({ attempts: 2 }) }), settings, 'mine')).toMatchObject({ kind: 'claim', attempts: 3 });
    expect(kindOf(view({ run: run({ attempts: 3 }) }))).toBe('exhausted');
  });

  test('a failure with attempts left is waited for, then tried again; one without is final', () => {
    const failed = run({ state: 'failed', error: failure, retryInMs: 70 });
    expect(decide(view({ run: failed }), settings, 'mine')).toEqual({ kind: 'wait-retry', ms: 70, failure });
    expect(kindOf(view({ run: { ...failed, retryInMs: 0 } }))).toBe('claim');
    expect(kindOf(view({ run: { ...failed, attempts: 3 } }))).toBe('failed');
    expect(kindOf(view({ run: { ...failed, error: { ...failure, final: true } } }))).toBe('failed');
  });

  test('a failure that is final is not hidden by another version that runs', () => {
    expect(
      kindOf(view({ run: run({ state: 'failed', error: failure, attempts: 3 }), running: held(owner(), 'v3') })),
    ).toBe('failed');
  });

  test('what this session still holds is claimed again, with the same number where the attempt does not count', () => {
    const mine = view({ running: held(owner({ session: 'mine' })), run: run({ attempts: 3 }) });
    expect(decide(mine, settings, 'mine', true)).toEqual({ kind: 'claim', attempts: 3, from: null });
    expect(kindOf(mine)).toBe('exhausted');
  });
});

describe('cycles on one snapshot', () => {
  const peer = (
    host: string,
    step: string,
    fence: number,
    ...waits: [id: string, to: string, since: number, fence?: number][]
  ): Peer => ({
    session: host,
    host,
    pid: 1,
    ended: false,
    holds: [{ step, fence }],
    status: {
      progress: {},
      waits: waits.map(([id, to, since, of = fence]) => ({ id, to, since, at: 'here', from: { step, fence: of } })),
    },
  });

  test('O6: all observers choose the same victim: the youngest wait', () => {
    const peers = [
      peer('w1', 'a', 1, ['x', 'b', 10]),
      peer('w2', 'b', 1, ['y', 'c', 30]),
      peer('w3', 'c', 1, ['z', 'a', 20]),
    ];
    for (const mine of ['x', 'y', 'z']) {
      const cycle = findCycle(peers, mine);
      expect(cycle).toMatchObject({ id: 'x y z', victim: 'y' });
      expect(cycle?.waits).toHaveLength(3);
    }
    expect(findCycle([...peers].reverse(), 'x')?.victim).toBe('y');
  });

  test('O6: equal times have one victim, too', () => {
    const peers = [peer('w1', 'a', 1, ['x', 'b', 10]), peer('w2', 'b', 1, ['y', 'a', 10])];
    expect(findCycle(peers, 'x')?.victim).toBe(findCycle(peers, 'y')?.victim);
  });

  test('O6: a chain, a wait of an old fence, and a replica that has ended make no cycle', () => {
    expect(findCycle([peer('w1', 'a', 1, ['x', 'b', 1]), peer('w2', 'b', 1)], 'x')).toBeUndefined();
    expect(findCycle([peer('w1', 'a', 1, ['x', 'b', 1]), peer('w2', 'b', 2, ['y', 'a', 1, 1])], 'x')).toBeUndefined();
    const dead = { ...peer('w2', 'b', 1, ['y', 'a', 1]), ended: true };
    expect(findCycle([peer('w1', 'a', 1, ['x', 'b', 1]), dead], 'x')).toBeUndefined();
    expect(findCycle([], 'x')).toBeUndefined();
  });

  test('O6: a wait that only leads into a cycle is not refused', () => {
    const peers = [
      peer('w0', 'o', 1, ['o', 'a', 99]),
      peer('w1', 'a', 1, ['x', 'b', 1]),
      peer('w2', 'b', 1, ['y', 'a', 2]),
    ];
    expect(findCycle(peers, 'o')).toBeUndefined();
    expect(findCycle(peers, 'x')?.victim).toBe('y');
  });
});

test('O2: polls settle at the smaller of two seconds and a quarter of the lease', () => {
  const settled = (leaseMs: number, isInStep = false) => {
    let ms = 250;
    for (let polls = 0; polls < 20; polls++) ms = nextPoll(ms, leaseMs, isInStep);
    return ms;
  };
  expect(settled(30_000)).toBe(2_000);
  expect(settled(3_000)).toBe(750);
  expect(settled(30_000, true)).toBe(1_000);
});
