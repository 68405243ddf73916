import { Herd } from '../herd.js';
import type { Scenario } from '../scenario.js';
import { ServerProcess } from '../server-process.js';

const PLAIN = 10;

export const scenario: Scenario = {
  title: 'Handler runs for clients that left',
  about: `${PLAIN} requests arrive before the bootstrap completes, their clients leave, and one that arrives last stays.`,
  needsHolding: true,
  fact: async (contender, { patienceMs }) => {
    using server = new ServerProcess({ contender, bootstrap: 'on demand', limits: 'own' });
    const port = await server.port;
    using leaving = new Herd();
    using staying = new Herd();
    await leaving.send(port, PLAIN, '/');
    await server.until(({ requestsArrived }) => requestsArrived === PLAIN);
    leaving.leave();
    await server.until(({ connectionsClosed }) => connectionsClosed === PLAIN);
    await staying.send(port, 1, '/');
    await server.until(({ requestsArrived }) => requestsArrived === PLAIN + 1);
    server.complete();
    const [answer] = await staying.answers(patienceMs);
    const { handled } = await server.statistics();
    const stayed = answer ? `answered ${answer.status}` : `without an answer after ${patienceMs / 1_000} s`;
    return `runs for ${handled - (answer?.status === 200 ? 1 : 0)} of ${PLAIN}; the one that stayed is ${stayed}`;
  },
};
