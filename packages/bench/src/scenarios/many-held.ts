import type { ContenderName } from '../contenders.js';
import { countByStatus } from '../facts.js';
import { Herd } from '../herd.js';
import type { Scenario, Sizes } from '../scenario.js';
import { type ServerOptions, ServerProcess } from '../server-process.js';

const ANSWERED_WITHIN_MS = 30_000;

export const scenario: Scenario = {
  title: '10,000 requests before it is open',
  about:
    'Each comes over a connection of its own. A contender that answers some of them early has a limit, and is tried again with a wider one. The memory is what the process grew by until all had come.',
  needsHolding: true,
  fact: async (contender, sizes) => {
    const own = await hold(contender, sizes, 'own');
    if (own.early === 0) return own.text;
    const wide = await hold(contender, sizes, 'wide');
    return `${own.text}; with a wider limit ${wide.text}`;
  },
};

async function hold(
  contender: ContenderName,
  { held }: Sizes,
  limits: ServerOptions['limits'],
): Promise<{ readonly text: string; readonly early: number }> {
  using server = new ServerProcess({ contender, bootstrap: 'on demand', limits });
  const port = await server.port;
  using herd = new Herd();
  const before = (await server.statistics()).residentBytes;
  await herd.send(port, held, '/');
  await server.until(({ requestsArrived }) => requestsArrived === held);
  const grownBy = (await server.statistics()).residentBytes - before;
  const early = herd.arrived.length;
  server.complete();
  const answers = await herd.answers(ANSWERED_WITHIN_MS);
  return { text: `${countByStatus(answers, held)}, ${(grownBy / 2 ** 20).toFixed(0)} MB`, early };
}
