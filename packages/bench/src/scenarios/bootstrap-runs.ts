import { countByStatus, runsOf } from '../facts.js';
import { Herd } from '../herd.js';
import type { Scenario } from '../scenario.js';
import { ServerProcess } from '../server-process.js';

export const scenario: Scenario = {
  title: 'Runs of the bootstrap for 50 concurrent callers',
  about: '50 requests arrive before the bootstrap completes.',
  fact: async (contender, { callers, patienceMs }) => {
    using server = new ServerProcess({ contender, bootstrap: 'on demand', limits: 'own' });
    using herd = new Herd();
    await herd.send(await server.port, callers, '/');
    await server.until(({ requestsArrived }) => requestsArrived === callers);
    server.complete();
    const answers = await herd.answers(patienceMs);
    const { runs } = await server.statistics();
    return `${runsOf(runs)}, ${countByStatus(answers, callers)}`;
  },
};
