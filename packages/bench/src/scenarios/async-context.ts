import { Herd } from '../herd.js';
import { WHO_PATH } from '../paths.js';
import type { Scenario } from '../scenario.js';
import { ServerProcess } from '../server-process.js';

const CALLERS = 20;

export const scenario: Scenario = {
  title: 'Requests in their own async context',
  about: `Each of ${CALLERS} requests arrives with an \`AsyncLocalStorage\` store of its own, as tracing gives it, and the handler answers with what it finds.`,
  needsHolding: true,
  fact: async (contender, { patienceMs }) => {
    using server = new ServerProcess({ contender, bootstrap: 'on demand', limits: 'own' });
    using herd = new Herd();
    for (let i = 0; i < CALLERS; i++) await herd.send(await server.port, 1, `${WHO_PATH}${i}`);
    await server.until(({ requestsArrived }) => requestsArrived === CALLERS);
    server.complete();
    const answers = await herd.answers(patienceMs);
    const own = answers.filter(({ text }) => /\r\n\r\n(\S+) found \1$/.test(text));
    return `${own.length} of ${CALLERS}`;
  },
};
