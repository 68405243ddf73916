import { setTimeout as pause } from 'node:timers/promises';
import { answerOf } from '../facts.js';
import { Herd } from '../herd.js';
import type { Scenario } from '../scenario.js';
import { ServerProcess } from '../server-process.js';

export const scenario: Scenario = {
  title: 'SIGTERM while requests are held',
  about:
    'The bootstrap does not complete. The program ends its gate or calls the shutdown hooks, where there are any, calls `server.close()`, and leaves the rest to Node.',
  needsHolding: true,
  fact: async (contender, { callers, patienceMs }) => {
    using server = new ServerProcess({ contender, bootstrap: 'on demand', limits: 'own' });
    using herd = new Herd();
    await herd.send(await server.port, callers, '/');
    await server.until(({ requestsArrived }) => requestsArrived === callers);
    const begun = performance.now();
    server.kill('SIGTERM');
    const end = await Promise.race([server.ended, pause(patienceMs, undefined, { ref: false })]);
    const ms = performance.now() - begun;
    // The last answers may still be on their way when the process has ended.
    if (end) await herd.answers(patienceMs);
    const answered = herd.arrived[0] ? `${herd.arrived.length} × ${answerOf(herd.arrived[0])}` : 'none answered';
    if (!end) return `${answered}, still running after ${patienceMs / 1_000} s`;
    return `${answered}, exits by itself with code ${end[0]} after ${ms.toFixed(0)} ms`;
  },
};
