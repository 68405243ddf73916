import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createGate, type GateOptions } from '../../src/index.js';
import { Door } from '../../src/gate/door.js';
import { coreOf } from '../../src/gate/registry.js';
import { createGateWith } from '../../src/create-gate.js';
import { collectUntil } from '../observe/hopeless.js';
import { ManualClock, settled } from '../manual-clock.js';
import { collectMessages, collectWarnings, deferred, refusal } from '../support.js';
import { limits, type RequestEvents, TestRequest } from './test-request.js';

afterEach(() => jest.restoreAllMocks());

/** A gate whose bootstrap a test settles, with a clock that stands still. */
function setUp(options: Partial<GateOptions<void>> = {}) {
  const clock = new ManualClock();
  const boot = deferred();
  const gate = createGateWith<void>({ name: 'api', bootstrap: () => boot.promise, ...options }, clock);
  const doorWith = (waitTimeoutMs = 50, maxWaiting = 8): Door =>
    new Door(coreOf('the test', gate), limits({ waitTimeoutMs, maxWaiting }));
  return { clock, boot, gate, doorWith, door: doorWith() };
}

function enter(door: Door, events: RequestEvents = {}, connection?: object): TestRequest {
  const guest = new TestRequest(door, true, events, connection);
  door.enter(guest);
  return guest;
}

const outcomes = (guests: readonly TestRequest[]): string[] => guests.map(({ outcome }) => outcome);

test('H2: beyond maxWaiting a guest is denied at once, and a place that becomes free is taken again', async () => {
  const { boot, doorWith } = setUp();
  const door = doorWith(50, 2);
  const guests = [1, 2, 3].map(() => enter(door));
  expect(outcomes(guests)).toEqual(['', '', 'ERR_GATE_QUEUE_FULL']);
  guests[0]?.goAway();
  guests.push(enter(door), enter(door));
  boot.resolve();
  await settled();
  expect(outcomes(guests)).toEqual(['gone', 'admitted', 'ERR_GATE_QUEUE_FULL', 'admitted', 'ERR_GATE_QUEUE_FULL']);
});

test('H2: a guest that finds no place is told which gate has none, and gets the gate going', () => {
  const { gate, doorWith } = setUp();
  const messages: string[] = [];
  const guest = new TestRequest(doorWith(50, 0), true);
  jest.spyOn(guest, 'deny').mockImplementation(({ message }) => void messages.push(message));
  guest.door.enter(guest);
  expect(messages).toEqual(['Gate "api" has no place left to wait.']);
  expect(gate.state).toBe('booting');
});

test.each([
  [8, 2],
  [11, 2],
  [12, 3],
  [4, 1],
  [3, 1],
  [1, 1],
])('H2: of %d places one connection gets %d', (maxWaiting, share) => {
  const { doorWith } = setUp();
  const door = doorWith(50, maxWaiting);
  const connection = {};
  const guests = Array.from({ length: share + 1 }, () => enter(door, {}, connection));
  expect(outcomes(guests)).toEqual([...Array<string>(share).fill(''), 'ERR_GATE_QUEUE_FULL']);
});

test('H2: a connection whose guests have left gets its share again, beside others', () => {
  const { door } = setUp();
  const connection = {};
  const come = (): TestRequest => enter(door, {}, connection);
  const [first, second] = [come(), come()];
  first.goAway();
  expect(outcomes([come(), come()])).toEqual(['', 'ERR_GATE_QUEUE_FULL']);
  second.goAway();
  expect(outcomes([come(), come(), enter(door)])).toEqual(['', 'ERR_GATE_QUEUE_FULL', '']);
});

test('H2: what an adapter did not count fills the share of a connection as well', () => {
  const { door, doorWith } = setUp();
  const connection = {};
  const guests = [1, 2].map(() => new TestRequest(door, true, {}, connection, { uncounted: 1 }));
  for (const guest of guests) door.enter(guest);
  expect(outcomes(guests)).toEqual(['', 'ERR_GATE_QUEUE_FULL']);
  const first = new TestRequest(doorWith(50, 4), true, {}, undefined, { connection: undefined, uncounted: 1 });
  first.door.enter(first);
  expect(first.outcome).toBe(''); // it is the one that is not counted, however small the share is
});

test('H2: a connection whose guests have left is not kept', async () => {
  const { door } = setUp();
  let collected = 0;
  const registry = new FinalizationRegistry(() => collected++);
  const comeAndGo = (): void => {
    const connection = {};
    registry.register(connection, undefined);
    enter(door, {}, connection).goAway();
  };
  comeAndGo();
  await collectUntil(() => collected > 0);
  expect(collected).toBe(1);
});

test('H2: guests without a connection share nothing', () => {
  const { gate, door } = setUp();
  const guests = Array.from({ length: 9 }, () => new TestRequest(door, true, {}, undefined, { connection: undefined }));
  for (const guest of guests) door.enter(guest);
  expect(outcomes(guests)).toEqual([...Array<string>(8).fill(''), 'ERR_GATE_QUEUE_FULL']);
  expect(gate.report()).toMatchObject({ held: 8, denied: 1 });
});

test('A7: each guest is held for waitTimeoutMs and then told how long that was, by one timer for all', async () => {
  const { clock, gate, door } = setUp({ stallAfterMs: Infinity });
  const setTimer = jest.spyOn(clock, 'after');
  const seen: [string, number, string][] = [];
  const come = (name: string): TestRequest => {
    const guest = new TestRequest(door, true);
    jest
      .spyOn(guest, 'deny')
      .mockImplementation(({ code, message }) => seen.push([name, clock.now() - 1_000_000, `${code}: ${message}`]));
    door.enter(guest);
    return guest;
  };
  come('first');
  await clock.advance(20);
  come('second');
  come('third');
  await clock.advance(100);
  const text = 'ERR_GATE_WAIT_TIMEOUT: Gate "api" did not open within 50 ms.';
  expect(seen).toEqual([
    ['first', 50, text],
    ['second', 70, text],
    ['third', 70, text],
  ]);
  expect(setTimer.mock.calls.map(([ms]) => ms).filter(Number.isFinite)).toEqual([50, 20]);
  expect(gate.waiting).toBe(0);
  expect(clock.timers).toBe(0);
});

test('A7: the time limit of a door is for its own guests: not for those of another door, and not for callers', async () => {
  const { clock, gate, doorWith } = setUp({ stallAfterMs: Infinity });
  const [short, long] = [doorWith(50), doorWith(80)];
  const caller = gate.ensureReady({ timeoutMs: 1_000 });
  void caller.catch(() => {});
  const guests = [enter(long), enter(short), enter(long)];
  await clock.advance(50);
  expect(outcomes(guests)).toEqual(['', 'ERR_GATE_WAIT_TIMEOUT', '']);
  await clock.advance(30);
  expect(outcomes(guests)).toEqual(Array(3).fill('ERR_GATE_WAIT_TIMEOUT'));
  expect(gate.waiting).toBe(1);
});

test('A7: a door that holds nobody has no timer, and times a later guest anew', async () => {
  const { clock, door } = setUp({ stallAfterMs: Infinity });
  const [a, b] = [enter(door), enter(door)];
  expect(clock.timers).toBe(1);
  a.goAway();
  expect(clock.timers).toBe(1);
  b.goAway();
  expect(clock.timers).toBe(0);
  await clock.advance(40);
  const late = enter(door);
  await clock.advance(49);
  expect(late.outcome).toBe('');
  await clock.advance(1);
  expect(late.outcome).toBe('ERR_GATE_WAIT_TIMEOUT');
});

test('A7: the time of a guest counts from when its door began to hold, so that it stays a small number', async () => {
  const { clock, door } = setUp({ stallAfterMs: Infinity });
  await clock.advance(1_000);
  const fresh = new TestRequest(door, true);
  expect(fresh.since).toBe(-1);
  const [first, second] = [enter(door), (await clock.advance(5), enter(door))];
  expect([first.since, second.since]).toEqual([0, 5]);
});

test('A7: a guest that another one takes out of line as both are overdue is not denied as well', async () => {
  const { clock, door } = setUp();
  const second: TestRequest = new TestRequest(door, true);
  enter(door, { denied: () => second.goAway() });
  door.enter(second);
  await clock.advance(50);
  expect(second.outcome).toBe('gone');
});

test('H3: a guest that is gone when it comes is neither held nor let in', () => {
  const { gate, door } = setUp();
  const guest = new TestRequest(door, true);
  guest.goAway(true);
  door.enter(guest);
  expect(guest.outcome).toBe('gone');
  expect(gate.state).toBe('idle');
});

test('H3: a guest that is gone when the gate opens is not let in', async () => {
  const { boot, gate, door } = setUp();
  const guests = [enter(door), enter(door)];
  guests[0]?.goAway(true);
  boot.resolve();
  await settled();
  expect(outcomes(guests)).toEqual(['gone', 'admitted']);
  expect(gate.report()).toMatchObject({ admitted: 1, held: 0 });
});

test('H3, F2: a guest that is gone when it would be the pilot is followed by the next in line', async () => {
  const clock = new ManualClock();
  const gate = createGateWith(undefined, clock);
  const door = new Door(coreOf('the test', gate), limits());
  const pilot = deferred();
  const call = gate.wrap(() => pilot.promise)();
  const guests = [enter(door), enter(door)];
  guests[0]?.goAway(true);
  pilot.reject(new Error('no'));
  await expect(call).rejects.toThrow('no');
  await settled();
  expect(outcomes(guests)).toEqual(['gone', 'pilot']);
});

test('H3: a guest that has gone on is not taken back', async () => {
  const { boot, door } = setUp();
  const guest = enter(door);
  boot.resolve();
  await settled();
  guest.goAway();
  expect(guest.outcome).toBe('admitted');
});

test('A12: a guest at a closed gate is denied, one at an open gate goes on', async () => {
  const { boot, gate, door } = setUp();
  boot.resolve();
  await gate.ensureReady();
  expect(enter(door).outcome).toBe('admitted');
  await gate.close();
  expect(enter(door).outcome).toBe('ERR_GATE_CLOSED');
});

test('A6: a guest goes on, or is denied, in the context that it came in', async () => {
  const requests = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  const look = (): void => void seen.push(requests.getStore());
  const { clock, boot, door } = setUp();
  requests.run('denied', () => enter(door, { denied: look }));
  await requests.run('somebody else', () => clock.advance(50));
  requests.run('admitted', () => enter(door, { admitted: look }));
  requests.run('somebody else', () => boot.resolve());
  await settled();
  expect(seen).toEqual(['denied', 'admitted']);
});

test('P1: the report counts who was admitted, denied and is held, at all doors together', async () => {
  const { clock, boot, gate, doorWith } = setUp();
  const counts = (): number[] => {
    const { admitted, denied, held } = gate.report();
    return [admitted, denied, held];
  };
  enter(doorWith(20));
  enter(doorWith(50));
  const gone = enter(doorWith(50));
  expect(counts()).toEqual([0, 0, 3]);
  gone.goAway();
  expect(counts()).toEqual([0, 0, 2]);
  await clock.advance(20);
  expect(counts()).toEqual([0, 1, 1]);
  boot.resolve();
  await settled();
  expect(counts()).toEqual([1, 1, 0]);
});

test('P2: bootstrap-gate.request tells what becomes of each guest, how long it waited, and of which flight', async () => {
  const { clock, boot, gate, doorWith } = setUp({ stallAfterMs: Infinity });
  const messages = await collectMessages('request', async () => {
    const door = doorWith(50, 2);
    const gone = enter(door);
    await clock.advance(5);
    enter(door);
    enter(door);
    await clock.advance(10);
    gone.goAway();
    await clock.advance(40);
    enter(door);
    boot.resolve();
    await settled();
    door.record('admitted');
  });
  const flight = coreOf('the test', gate).flightNumber;
  const common = { gate: 'api', flight, code: null };
  expect(messages).toEqual([
    // The first guest is held before the gate gets going.
    { ...common, type: 'held', flight: null, waitedMs: 0, held: 1 },
    { ...common, type: 'held', waitedMs: 0, held: 2 },
    { ...common, type: 'denied', waitedMs: null, held: 2, code: 'ERR_GATE_QUEUE_FULL' },
    { ...common, type: 'gone', waitedMs: 15, held: 1 },
    { ...common, type: 'denied', waitedMs: 50, held: 0, code: 'ERR_GATE_WAIT_TIMEOUT' },
    { ...common, type: 'held', waitedMs: 0, held: 1 },
    { ...common, type: 'admitted', waitedMs: 0, held: 0 },
    { ...common, type: 'admitted', waitedMs: null, held: 0 },
  ]);
  expect(gate.report()).toMatchObject({ admitted: 2, denied: 2, held: 0 });
});

test('P2: a pilot is told as such, and counts as admitted', async () => {
  const gate = createGateWith({ name: 'lazy' }, new ManualClock());
  const door = new Door(coreOf('the test', gate), limits());
  const messages = await collectMessages('request', async () => void enter(door));
  expect(messages).toEqual([{ gate: 'lazy', type: 'pilot', flight: null, waitedMs: null, held: 0, code: null }]);
  expect(gate.report()).toMatchObject({ admitted: 1, denied: 0, held: 0 });
});

test('P2: a message about a guest is published in its own context', async () => {
  const requests = new AsyncLocalStorage<string>();
  const { boot, door } = setUp();
  const seen: [unknown, string | undefined][] = [];
  const listen = (message: unknown): void => void seen.push([(message as { type: string }).type, requests.getStore()]);
  subscribe('bootstrap-gate.request', listen);
  requests.run('mine', () => enter(door));
  requests.run('theirs', () => boot.resolve());
  await settled();
  unsubscribe('bootstrap-gate.request', listen);
  expect(seen).toEqual([
    ['held', 'mine'],
    ['admitted', 'mine'],
  ]);
});

test('F4: a guest that the pilot itself brings to a door goes on beside it', async () => {
  const clock = new ManualClock();
  const gate = createGateWith(undefined, clock);
  const door = new Door(coreOf('the test', gate), limits());
  const seen: string[] = [];
  await gate.wrap(() => {
    seen.push(enter(door).outcome, gate.state);
  })();
  expect(seen).toEqual(['admitted', 'booting']);
});

test('A8: guests cannot be told the cause of a failure, so it is a warning beside them; a caller is told', async () => {
  const { boot, door } = setUp();
  const warnings = collectWarnings();
  enter(door);
  boot.reject(new Error('no'));
  await settled();
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_FLIGHT_FAILED']);
  const other = setUp();
  enter(other.door);
  const caller = refusal(other.gate.ensureReady());
  other.boot.reject(new Error('no'));
  await caller;
  expect(warnings).toHaveLength(1);
});

test.each([
  ['a gate of something else', {}],
  ['nothing', undefined],
  ['null', null],
  ['a function', () => createGate()],
  ['the name of a gate', 'api'],
])('Errors: %s in place of a gate is a TypeError that says so', (_what, gate) => {
  const message = 'bootstrapGate: option "gate" must be a gate made by createGate';
  expect(() => coreOf('bootstrapGate', gate)).toThrow(new TypeError(message));
});

/** Requests that take their time before they answer. */
function herd(door: Door, count: number): TestRequest[] {
  return Array.from({ length: count }, () => {
    const request = new TestRequest(door, true, {}, {}, { hasBegun: false });
    door.enter(request);
    return request;
  });
}

const admitted = (requests: readonly TestRequest[]): number =>
  requests.filter(({ outcome }) => outcome === 'admitted').length;

test('H4: no more than releaseConcurrency of the released are at work, and the next ones follow when some have begun to answer', async () => {
  const { clock, boot, gate } = setUp();
  const door = new Door(coreOf('the test', gate), limits({ maxWaiting: 20, releaseConcurrency: 3 }));
  const requests = herd(door, 10);
  boot.resolve();
  await settled();
  expect(admitted(requests)).toBe(3);
  await clock.advance(5);
  expect(admitted(requests)).toBe(3);
  for (const { client } of requests.slice(0, 2)) client.hasBegun = true;
  await clock.advance(5);
  expect(admitted(requests)).toBe(5);
});

test('H4: a released request counts as at work for a second at most', async () => {
  const { clock, boot, gate } = setUp({ stallAfterMs: Infinity });
  const door = new Door(coreOf('the test', gate), limits({ maxWaiting: 20, releaseConcurrency: 3 }));
  const requests = herd(door, 10);
  boot.resolve();
  await settled();
  await clock.advance(999);
  expect(admitted(requests)).toBe(3);
  await clock.advance(10);
  expect(admitted(requests)).toBe(6);
});

test('H4: what comes after the gate has opened passes at once, however many are at work', async () => {
  const { boot, gate } = setUp();
  const door = new Door(coreOf('the test', gate), limits({ maxWaiting: 20, releaseConcurrency: 1 }));
  const requests = herd(door, 3);
  boot.resolve();
  await settled();
  expect([...requests, ...herd(door, 1)].map(({ outcome }) => outcome)).toEqual(['admitted', '', '', 'admitted']);
});

test('A7: while the gate is open none is denied for having waited too long: it is on its way in', async () => {
  const { clock, boot, gate } = setUp({ stallAfterMs: Infinity });
  const door = new Door(coreOf('the test', gate), limits({ maxWaiting: 20, releaseConcurrency: 1 }));
  const requests = herd(door, 3);
  boot.resolve();
  await settled();
  await clock.advance(60);
  expect(outcomes(requests)).toEqual(['admitted', '', '']);
  await clock.advance(2_000);
  expect(outcomes(requests)).toEqual(Array(3).fill('admitted'));
});

test('A7: a timer that a blocked event loop has held up looks once more after a turn, when the gate may be open', async () => {
  const { clock, boot, gate, door } = setUp({ stallAfterMs: Infinity });
  const after = jest.spyOn(clock, 'after');
  const guest = enter(door);
  const fire = after.mock.calls.find(([ms]) => ms === 50)?.[1];
  clock.jump(5_000); // the loop stood still, and timers come first
  fire?.();
  expect(guest.outcome).toBe('');
  boot.resolve();
  await gate.ensureReady();
  clock.turn();
  expect(guest.outcome).toBe('admitted');
});

test('A7: after that turn a request that is overdue is denied', async () => {
  const { clock, door } = setUp({ stallAfterMs: Infinity });
  const after = jest.spyOn(clock, 'after');
  const guest = enter(door);
  const fire = after.mock.calls.find(([ms]) => ms === 50)?.[1];
  clock.jump(5_000);
  fire?.();
  expect(guest.outcome).toBe('');
  clock.turn();
  expect(guest.outcome).toBe('ERR_GATE_WAIT_TIMEOUT');
});
