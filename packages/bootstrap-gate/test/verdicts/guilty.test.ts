import { join } from 'node:path';
import { program } from '../../../deadlock/test/programs/run.js';
import type { Outcome } from './shapes.js';

const guilty = program(join(__dirname, 'guilty'));

const cycleOf = ({ verdicts }: Outcome): string[] =>
  verdicts.flatMap(({ cycle }) => cycle.map(({ owner, waitsFor }) => `${owner} → ${waitsFor}`));

test('D1: the debug', async () => {
  const outcomes = await guilty.lines<Outcome>();
  console.log(
    outcomes
      .map((o) =>
        JSON.stringify({
          ...o,
          verdicts: undefined,
          cycle: cycleOf(o),
          at: o.verdicts.flatMap((v) => v.cycle.map((c) => c.at)),
        }),
      )
      .join('\n'),
  );
});
