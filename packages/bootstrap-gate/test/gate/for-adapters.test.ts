/** What a gate tells those who write adapters. */
import { createGateWith } from '../../src/create-gate.js';
import { coreOf } from '../../src/gate/registry.js';
import { ManualClock, settled } from '../manual-clock.js';
import { deferred, refusal } from '../support.js';

const fails = (): Promise<never> => Promise.reject(new Error('no'));

test('N4: a gate has opened from its first flight on, whatever becomes of it later', async () => {
  const gate = createGateWith({ bootstrap: () => 1 }, new ManualClock());
  expect(coreOf('the test', gate).hasOpened).toBe(false);
  const ready = gate.ensureReady();
  expect(coreOf('the test', gate).hasOpened).toBe(false);
  await ready;
  expect(coreOf('the test', gate).hasOpened).toBe(true);
  await gate.reset();
  expect(coreOf('the test', gate).hasOpened).toBe(true);
  await gate.close();
  expect(coreOf('the test', gate).hasOpened).toBe(true);
});

test('N1: the rest of the cooldown is known while there is one', async () => {
  const clock = new ManualClock();
  const gate = createGateWith({ bootstrap: fails, cooldownMs: 500 }, clock);
  expect(coreOf('the test', gate).cooldownLeftMs).toBe(0);
  await refusal(gate.ensureReady());
  expect(coreOf('the test', gate).cooldownLeftMs).toBe(500);
  await clock.advance(499);
  expect(coreOf('the test', gate).cooldownLeftMs).toBe(1);
  await clock.advance(100);
  expect(coreOf('the test', gate).cooldownLeftMs).toBe(0);
});

test('F3: a newcomer is wanted as the pilot when none is under way and none is in line', async () => {
  const gate = createGateWith(undefined, new ManualClock());
  expect(coreOf('the test', gate).wantsPilot).toBe(true);
  void gate.ensureReady(); // is never a pilot
  expect(coreOf('the test', gate).wantsPilot).toBe(true);
  const pilot = deferred();
  const call = gate.wrap(() => pilot.promise)();
  expect(coreOf('the test', gate).wantsPilot).toBe(false);
  expect(coreOf('the test', gate).timing).toBeUndefined(); // nobody knows how long a pilot takes
  const seen: boolean[] = [];
  gate.onChange(() => seen.push(coreOf('the test', gate).wantsPilot));
  const next = gate.wrap(() => 1)();
  pilot.reject(new Error('no'));
  await expect(call).rejects.toThrow('no');
  await next;
  expect(seen).toEqual([false, false, false]); // idle with one in line, booting, ready
  expect(coreOf('the test', createGateWith({ bootstrap: () => 1 }, new ManualClock())).wantsPilot).toBe(false);
});

test('M1: what is built from the value is there before anybody is let in, and at once when the gate is open', async () => {
  const clock = new ManualClock();
  const gate = createGateWith({ bootstrap: () => 'value' }, clock);
  const built: string[] = [];
  coreOf('the test', gate).onValue((value) => built.push(`before: ${String(value)}, ${gate.state}`));
  await gate.wrap(() => built.push('called'))();
  coreOf('the test', gate).onValue((value) => built.push(`after: ${String(value)}, ${gate.state}`));
  expect(built).toEqual(['before: value, booting', 'called', 'after: value, ready']);
  clock.turn(); // the end of the release
  await gate.reset();
  await gate.ensureReady();
  expect(built.slice(3)).toEqual(['before: value, booting', 'after: value, booting']);
});

test('M1: nothing is built from a flight that failed', async () => {
  const gate = createGateWith({ bootstrap: fails }, new ManualClock());
  const build = jest.fn();
  coreOf('the test', gate).onValue(build);
  await refusal(gate.ensureReady());
  coreOf('the test', gate).onValue(build);
  expect(build).not.toHaveBeenCalled();
});

test('P2: a flight has its number from its start on, and keeps it until the next one', async () => {
  const clock = new ManualClock();
  const gate = createGateWith({ bootstrap: () => 1 }, clock);
  expect(coreOf('the test', gate).flightNumber).toBeNull();
  await gate.ensureReady();
  const first = coreOf('the test', gate).flightNumber;
  expect(first).toEqual(expect.any(Number));
  clock.turn(); // the end of the release
  await gate.reset();
  expect(coreOf('the test', gate).flightNumber).toBe(first);
  await gate.ensureReady();
  expect(coreOf('the test', gate).flightNumber).toBe(Number(first) + 1);
  expect(coreOf('the test', createGateWith(undefined, new ManualClock())).flightNumber).toBeNull();
});

test('A2: at an open gate ensureReady gives the value, and asks nothing else', async () => {
  const clock = new ManualClock();
  const gate = createGateWith({ bootstrap: () => 'value' }, clock);
  await gate.ensureReady();
  const passage = jest.spyOn(coreOf('the test', gate), 'passage');
  expect(await gate.ensureReady()).toBe('value');
  expect(passage).not.toHaveBeenCalled();
});

test('P1: a gate that nobody has asked, and one without a bootstrap, have no attempts', async () => {
  const none = { attempts: [], admitted: 0, denied: 0, held: 0, verdicts: [] };
  const gate = createGateWith({ name: 'api', bootstrap: () => 1 }, new ManualClock());
  expect(gate.report()).toEqual({ gate: 'api', state: 'idle', ...none });
  const lazy = createGateWith({ name: 'lazy' }, new ManualClock());
  expect(lazy.report()).toEqual({ gate: 'lazy', state: 'idle', ...none });
  await lazy.wrap(() => settled())();
  expect(lazy.report()).toEqual({ gate: 'lazy', state: 'ready', ...none });
});
