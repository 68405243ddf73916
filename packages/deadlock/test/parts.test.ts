/** What the gate stands on, part by part: owners and their waits, the search, texts. */
import {
  callSite,
  cycleThrough,
  describe as textOf,
  inWords,
  judge,
  newWait,
  Owner,
  ownerOf,
  ownersOf,
  type Party,
  recordWait,
  type Resource,
  tell,
  type Wait,
  warn,
  warningOf,
} from '@bootstrap-gate/deadlock/adapter';
import { isDeadlockError, type Verdict } from '@bootstrap-gate/deadlock';
import { collectVerdicts, collectWarnings } from './support.js';

afterEach(() => jest.restoreAllMocks());

const calm: Party = { deadlock: 'throw' };
const resource = (label: string, owner?: Owner, rest: Partial<Resource> = {}): Resource => ({
  kind: 'step',
  name: label,
  label,
  party: calm,
  holder: () => owner && { owner },
  ...rest,
});
const waitFor = (on: Resource, since = 0): Wait => newWait(on, since, 'here');

/** `owner` waits for it from now on. */
const waits = (owner: Owner, on: Resource): void => void recordWait([owner], waitFor(on), () => 0);

test('P1: an owner has been waiting as long as any of its waits lasted, parallel ones counted once', () => {
  const owner = new Owner('o');
  let time = 100;
  const begin = (): (() => void) => recordWait([owner], waitFor(resource('r'), time), () => time);
  expect(owner.waitedMs(50)).toBe(0);
  const endFirst = begin();
  expect(owner.waitedMs(130)).toBe(30);
  time = 110;
  const endSecond = begin();
  expect(owner.waitedMs(130)).toBe(30);
  time = 140;
  endFirst();
  expect(owner.waitedMs(150)).toBe(50);
  time = 160;
  endSecond();
  expect(owner.waitedMs(200)).toBe(60);
  time = 170;
  endSecond();
  expect(owner.waitedMs(200)).toBe(60);
  time = 300;
  const endThird = begin();
  expect(owner.waitedMs(310)).toBe(70);
  time = 320;
  endThird();
  expect(owner.waitedMs(400)).toBe(80);
});

test('P1: the end of a wait that never began is none', () => {
  const owner = new Owner('o');
  owner.end(waitFor(resource('r')), 5);
  expect(owner.waitedMs(10)).toBe(0);
});

test('D1: code in the callback of a mutex runs on behalf of that, and of the step around it', () => {
  const [flight, step, holder] = [new Owner('flight'), new Owner('step'), new Owner('holder', { isPart: true })];
  const around = { of: step, outer: { of: flight, outer: undefined } };
  const scope = { of: holder, outer: { of: {}, outer: around } };
  expect(ownersOf(scope)).toEqual([holder, step]);
  expect(ownerOf(scope)).toBe(step);
  expect(ownerOf({ of: holder, outer: undefined })).toBeUndefined();
  expect(ownerOf(undefined)).toBeUndefined();
  step.settled = true;
  expect(ownersOf(scope)).toEqual([holder]);
  expect(ownerOf(scope)).toBe(step);
});

test('D1: owners and errors of another copy of the package are known', () => {
  const theirs = { [Symbol.for('bootstrap-gate.owner')]: true, isPart: false, settled: false };
  expect(ownerOf({ of: theirs, outer: undefined })).toBe(theirs);
  expect(isDeadlockError({ [Symbol.for('bootstrap-gate.deadlock-error')]: true })).toBe(true);
});

test('D1: a wait for what one brings oneself closes a cycle, unless one has settled', () => {
  const owner = new Owner('o');
  const wait = waitFor(resource('r', owner), 7);
  expect(cycleThrough([owner], wait)?.verdict.cycle.map((link) => ({ keys: Object.keys(link), ...link }))).toEqual([
    { keys: ['owner', 'waitsFor', 'since', 'at'], owner: 'o', waitsFor: 'r', since: 7, at: 'here' },
  ]);
  expect(cycleThrough([], wait)).toBeUndefined();
  owner.settled = true;
  expect(cycleThrough([owner], wait)).toBeUndefined();
});

test('D2: a cycle of others does not concern who waits for one of them', () => {
  const [a, b, other] = [new Owner('a'), new Owner('b'), new Owner('other')];
  waits(a, resource('of b', b));
  waits(b, resource('of a', a));
  expect(cycleThrough([other], waitFor(resource('of a', a)))).toBeUndefined();
});

test('D1: the advice is that of the last in the cycle who has one', () => {
  const [a, b] = [new Owner('a'), new Owner('b')];
  const advice = (owner: string, held: readonly string[]): string => `${owner}, holding ${held.join() || 'nothing'}`;
  waits(a, resource('of b', b, { advice }));
  const advised = (rest: Partial<Resource>) => cycleThrough([b], waitFor(resource('of a', a, rest)))?.verdict.advice;
  expect(advised({ advice })).toBe('b, holding nothing');
  expect(advised({ kind: 'mutex' })).toBe('a, holding of a');
});

test("D1: who owns a wait has a say, also where what is waited for is nobody else's", () => {
  const warnings = collectWarnings();
  const verdictOf = (deadlock: Party['deadlock']) => {
    const owner = new Owner('o', { party: { deadlock } });
    return judge(cycleThrough([owner], waitFor(resource('r', owner))));
  };
  expect(verdictOf('throw')?.certainty).toBe('certain');
  expect(verdictOf('off')).toBeUndefined();
  expect(warnings).toEqual([]);
  expect(verdictOf('warn')).toBeUndefined();
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_DEADLOCK']);
});

test('P2: a verdict that a gate notes is told by that gate alone', async () => {
  const verdict: Verdict = { certainty: 'certain', cycle: [], advice: '' };
  const note = jest.fn();
  const seen = await collectVerdicts(async () => tell({ verdict, parties: new Set([calm, { ...calm, note }]) }));
  expect(seen).toEqual([]);
  expect(note.mock.calls).toEqual([[verdict]]);
  expect(await collectVerdicts(async () => tell({ verdict, parties: new Set([calm]) }))).toMatchObject([{ verdict }]);
});

test('D7: a proven verdict is open, a certain one a circle', () => {
  const since = Date.UTC(2026, 0, 1, 12, 30, 5, 678);
  const cycle = [{ owner: 'step "a"', waitsFor: 'its promise', since, at: 'here' }];
  expect(textOf({ certainty: 'proven', cycle, advice: 'Do it.' }).split('\n')).toEqual([
    '   step "a"',
    '     waits for its promise since 12:30:05.678Z (here)',
    'Do it.',
  ]);
  expect(textOf({ certainty: 'certain', cycle, advice: 'Do it.' }).split('\n')).toEqual([
    '┌→ step "a"',
    '│    waits for its promise since 12:30:05.678Z (here)',
    '└─ which depends on the first',
    'Do it.',
  ]);
});

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c', 'd'], 'a, b, c and d'],
])('%j is %j in words', (words, text) => expect(inWords(words)).toBe(text));

test('a place is unknown where the stack does not say it', () => {
  expect(callSite(() => {})).toBe('unknown place');
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = () => undefined;
  try {
    expect(callSite(callSite)).toBe('unknown place');
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
});

test('a warning has the cause that it is given, and none otherwise', () => {
  const cause = new Error('no');
  expect(warningOf('GATE_STALLED', 'text', cause)).toMatchObject({ name: 'BootstrapGateWarning', cause });
  expect(warningOf('GATE_STALLED', 'text', undefined)).toHaveProperty('cause', undefined);
  expect(warningOf('GATE_STALLED', 'text')).not.toHaveProperty('cause');
});

test('a warning that Node does not take for an error is told by its parts', () => {
  const emit = jest.spyOn(process, 'emitWarning').mockImplementationOnce(() => {
    throw new TypeError('not an error');
  });
  emit.mockImplementationOnce(() => {});
  warn('GATE_STALLED', 'text');
  const detail = 'https://bootstrap-gate.github.io/bootstrap-gate/errors/GATE_STALLED';
  expect(emit.mock.lastCall).toEqual(['text', { type: 'BootstrapGateWarning', code: 'GATE_STALLED', detail }]);
});
