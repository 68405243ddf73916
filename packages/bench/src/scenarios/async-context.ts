import { Herd } from '../herd.js';
import { WHO_PATH } from '../paths.js';
import type { Scenario } from '../scenario.js';
import { ServerProcess } from '../server-process.js';

const CALLERS = 20;

export const scenario: Scenario = {
  title: 'Own async context after the wait',
  about: `Each of ${CALLERS} requests arrives with an \`AsyncLocalStorage\` store of its own, as tracing gives it, and the handler answers with what it finds.`,
  fact: async (contender, { patienceMs }) => {
    using server = new ServerProcess({ contender, bootstrap: 'on demand', limits: 'own' });
    const port = await server.port;
    const clients = Array.from({ length: CALLERS }, () => new Herd());
    try {
      await Promise.all(clients.map((client, i) => client.send(port, 1, `${WHO_PATH}${i}`)));
      await server.until(({ requestsArrived }) => requestsArrived === CALLERS);
      server.complete();
      const answers = await Promise.all(clients.map((client) => client.answers(patienceMs)));
      const handled = answers.flat().filter(({ status }) => status === 200);
      if (handled.length === 0) return 'does not apply, none is handled after the wait';
      const own = answers.filter(([answer], i) => answer?.text.endsWith(`${WHO_PATH}${i}`)).length;
      return `${own} of ${handled.length} in their own`;
    } finally {
      for (const client of clients) client.leave();
    }
  },
};
