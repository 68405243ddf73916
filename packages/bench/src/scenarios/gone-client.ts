import { Herd } from '../herd.js';
import type { Scenario } from '../scenario.js';
import { ServerProcess } from '../server-process.js';

const LEAVING = 10;

export const scenario: Scenario = {
  title: 'Handler runs for clients that left',
  about: `${LEAVING} requests arrive before the bootstrap completes, their clients leave, and one that arrives last stays.`,
  needsHolding: true,
  fact: async (contender, { patienceMs }) => {
    using server = new ServerProcess({ contender, bootstrap: 'on demand', limits: 'own' });
    const port = await server.port;
    using leaving = new Herd();
    using staying = new Herd();
    await leaving.send(port, LEAVING, '/');
    await server.until(({ requestsArrived }) => requestsArrived === LEAVING);
    leaving.leave();
    await server.until(({ connectionsClosed }) => connectionsClosed === LEAVING);
    await staying.send(port, 1, '/');
    await server.until(({ requestsArrived }) => requestsArrived === LEAVING + 1);
    server.complete();
    const [answer] = await staying.answers(patienceMs);
    const { handled } = await server.statistics();
    if (answer?.status !== 200) return `the one that stayed is not answered within ${patienceMs / 1_000} s`;
    return `${handled - 1} of ${LEAVING}`;
  },
};
