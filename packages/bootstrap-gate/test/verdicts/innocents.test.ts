import { join } from 'node:path';
import { program } from '../../../deadlock/test/programs/run.js';
import type { Outcome } from './shapes.js';

const innocent = program(join(__dirname, 'innocent'));

const ends: Record<string, unknown> = {
  'a step that races its wait against a timer': 'in time',
  'a refresh that nothing awaits': 'up',
  'an interval that was set in the bootstrap': 'up',
  'a consumer that was registered in the bootstrap': 'message',
  'a lock that a step takes and a job elsewhere lets go of': 'taken',
  'a request of its own that nothing awaits': ['up', 200],
  'tryAcquire in the other order': 'up',
  'a wait with a limit': 'ERR_GATE_WAIT_TIMEOUT',
  'a wait with a signal': 'TimeoutError',
  'a step with a limit, in which its gate is awaited': 'without',
  'Promise.any with an arm that ends': 'any',
  'detached work that awaits the gate': 'up',
  'a reset of its own gate that is raced': 'ERR_GATE_NOT_READY',
  'a stop that races the end of its own gate': 'closed',
  'parallel steps of which one awaits the other': 'up',
};

const ofNobody = { verdicts: [], warnings: [], unhandled: [] };

describe.each([['by a heap snapshot'], ['large-heap']])('%s', (mode) => {
  let outcomes: readonly Outcome[];
  beforeAll(async () => (outcomes = await innocent.lines<Outcome>(mode)), 300_000);

  test.each(Object.entries(ends))('D2: %s is left alone', (name, end) => {
    expect(outcomes.find(({ shape }) => shape === name)).toMatchObject({ end, ...ofNobody });
  });
});
