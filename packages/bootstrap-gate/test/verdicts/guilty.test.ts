import { join } from 'node:path';
import { program } from '../../../deadlock/test/programs/run.js';
import type { Outcome } from './shapes.js';

const guilty = program(join(__dirname, 'guilty'));

const shop = (part: string): string => `${part} of gate "shop"`;
const inStep = [`${shop('bootstrap')} → ${shop('step "load"')}`, `${shop('step "load"')} → gate "shop"`];
const ofItself = [`${shop('bootstrap')} → gate "shop"`];
const loopback = [`${shop('bootstrap')} → ${shop('step "warm up"')}`, `${shop('step "warm up"')} → gate "shop"`];

const cycles: Record<string, readonly string[]> = {
  'its own gate': ofItself,
  'its own gate, in a function of its own': ofItself,
  'a wrapped function': ofItself,
  'a step': inStep,
  'a step in a step': [
    `${shop('bootstrap')} → ${shop('step "outer"')}`,
    `${shop('step "outer"')} → ${shop('step "inner"')}`,
    `${shop('step "inner"')} → gate "shop"`,
  ],
  'a step that nothing awaits': [`${shop('step "load"')} → gate "shop"`],
  'a step beside another': inStep,
  'a step of a plan': inStep,
  'two gates': [`${shop('bootstrap')} → gate "stock"`, 'bootstrap of gate "stock" → gate "shop"'],
  'two steps': [
    `${shop('step "second"')} → ${shop('step "first"')}`,
    `${shop('step "first"')} → ${shop('step "second"')}`,
  ],
  'an attempt that is not the first': ofItself,
  'a step, a lock and a gate': [
    `${shop('bootstrap')} → ${shop('step "load"')}`,
    `${shop('step "load"')} → mutex "import"`,
    'holder of mutex "import" → gate "shop"',
  ],
  'a step that is started from outside': [`${shop('step "load"')} → gate "shop"`],
  'a fetch of its own server': loopback,
  'a request of node:http to its own server': loopback,
  'a fetch of its own server, with deadlock "off"': loopback,
};

const cycleOf = ({ verdicts }: Outcome): string[] =>
  verdicts.flatMap(({ cycle }) => cycle.map(({ owner, waitsFor }) => `${owner} → ${waitsFor}`));

describe('by a heap snapshot', () => {
  let outcomes: readonly Outcome[];
  beforeAll(async () => (outcomes = await guilty.lines<Outcome>()), 300_000);
  const of = (name: string): Outcome => outcomes.find(({ shape }) => shape === name)!;

  test.each(Object.entries(cycles))('D1: %s is refused, with the whole cycle', (name, cycle) => {
    const outcome = of(name);
    expect(cycleOf(outcome)).toEqual(cycle);
    expect(outcome.verdicts.map(({ certainty }) => certainty)).toEqual(['certain']);
    expect(outcome.unhandled).toEqual([]);
  });

  test('D1: each wait is told with the place where it began, or where its step was started', () => {
    const places = outcomes.flatMap(({ verdicts }) => verdicts.flatMap(({ cycle }) => cycle.map(({ at }) => at)));
    expect(places.filter((at) => !/guilty\.cjs:\d+:\d+\)?$/.test(at) && at !== 'GET /own')).toEqual([]);
  });

  test('D5: a request of the bootstrap to its own server gets 503, and the operator is told', () => {
    const denied = outcomes.filter(({ shape }) => shape.includes('its own server'));
    // On a machine that is busy with something else the stall may come before the proof.
    const told = denied.map(({ end, warnings }) => ({
      end,
      warnings: warnings.filter((code) => code !== 'GATE_STALLED'),
    }));
    expect(told).toEqual(Array.from({ length: 3 }, () => ({ end: 503, warnings: ['GATE_LOOPBACK'] })));
  });
});

test('D1: above the heap limit it is proven by one collection, and the flight fails', async () => {
  const outcomes = await guilty.lines<Outcome>('large-heap');
  expect(outcomes.length).toBeGreaterThan(8);
  for (const { end, verdicts } of outcomes) {
    expect(end).toBe('ERR_GATE_BOOTSTRAP_FAILED by ERR_GATE_DEADLOCK');
    expect(verdicts.map(({ certainty }) => certainty)).toEqual(['certain']);
  }
});
