import { runsOf } from '../facts.js';
import { Herd } from '../herd.js';
import type { Scenario } from '../scenario.js';
import { ServerProcess } from '../server-process.js';

export const scenario: Scenario = {
  title: 'The bootstrap asks its own server',
  about:
    'It sends `GET /config`, which the application answers without a bootstrap, and gives up after 8 s. The fact is of its first run.',
  fact: async (contender) => {
    using server = new ServerProcess({ contender, bootstrap: 'asks itself', limits: 'own' });
    using client = new Herd();
    await client.send(await server.port, 1, '/');
    await server.until(({ ownAnswer }) => ownAnswer !== undefined);
    const { ownAnswer, runs } = await server.statistics();
    return runs === 1 ? `${ownAnswer}` : `${ownAnswer}, and ${runsOf(runs)}`;
  },
};
