import type { ContenderName } from '../contenders.js';
import { countByStatus, number } from '../facts.js';
import { Herd } from '../herd.js';
import type { Scenario, Sizes } from '../scenario.js';
import { type ServerOptions, ServerProcess } from '../server-process.js';

const ANSWERED_WITHIN_MS = 30_000;

export const scenario: Scenario = {
  title: '10,000 requests at once',
  about:
    'Each comes over a connection of its own. Answers before the bootstrap completes are its limit; what has such a limit is tried again with a wider one. The memory is what the process grew by while it held them.',
  needsHolding: true,
  fact: async (contender, sizes) => {
    const first = await hold(contender, sizes, 'own');
    if (first.denied === 0) return `${first.text}; no limit`;
    const second = await hold(contender, sizes, 'wide');
    return `${first.text}; with a wider limit ${second.text}`;
  },
};

async function hold(
  contender: ContenderName,
  { held }: Sizes,
  limits: ServerOptions['limits'],
): Promise<{ readonly text: string; readonly denied: number }> {
  using server = new ServerProcess({ contender, bootstrap: 'on demand', limits });
  const port = await server.port;
  using herd = new Herd();
  const before = (await server.statistics()).residentBytes;
  await herd.send(port, held, '/');
  await server.until(({ requestsArrived }) => requestsArrived === held);
  const grown = ((await server.statistics()).residentBytes - before) / 2 ** 20;
  const denied = herd.arrived.length;
  server.complete();
  const answers = await herd.answers(ANSWERED_WITHIN_MS);
  const memory = `${grown.toFixed(0)} MB`;
  return {
    text: `${countByStatus(answers, held)}${denied > 0 ? ` (${number(denied)} at once)` : ''}, ${memory}`,
    denied,
  };
}
