import { Herd } from '../herd.js';
import type { Scenario } from '../scenario.js';
import { ServerProcess } from '../server-process.js';

const UPGRADE = 'Connection: Upgrade\r\nUpgrade: bench\r\n';

export const scenario: Scenario = {
  title: 'An upgrade (WebSocket) before it is open',
  about:
    'The server has an `upgrade` listener, as WebSocket libraries add it, which tells whether the bootstrap was complete. It completes when a request that was sent later has arrived.',
  fact: async (contender, { patienceMs }) => {
    using server = new ServerProcess({ contender, bootstrap: 'on demand', limits: 'own' });
    const port = await server.port;
    using client = new Herd();
    using later = new Herd();
    await client.send(port, 1, '/socket', UPGRADE);
    await later.send(port, 1, '/');
    await server.until(({ requestsArrived }) => requestsArrived === 1);
    server.complete();
    const [answer] = await client.answers(patienceMs);
    if (!answer) return `no answer after ${patienceMs / 1_000} s`;
    return `${answer.status} ${answer.text.endsWith('not ready') ? 'before' : 'after'} the bootstrap`;
  },
};
