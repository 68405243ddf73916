import { setTimeout as pause } from 'node:timers/promises';
import { answerOf } from '../facts.js';
import { Herd } from '../herd.js';
import type { Scenario } from '../scenario.js';
import { ServerProcess } from '../server-process.js';

/** Longer than the cooldown of a gate. */
const LATER_MS = 1_200;
/** Longer than Backstage holds a request. */
const PATIENCE_MS = 6_000;

export const scenario: Scenario = {
  title: 'Recovers after a failure',
  about: `The first run of the bootstrap fails, a second would succeed. One request is sent, and after its answer and ${LATER_MS / 1_000} s another.`,
  fact: async (contender) => {
    using server = new ServerProcess({ contender, bootstrap: 'fails once', limits: 'own' });
    const ask = async (): Promise<string> => {
      using client = new Herd();
      await client.send(await server.port, 1, '/');
      const [answer] = await client.answers(PATIENCE_MS);
      return answer ? answerOf(answer) : `none within ${PATIENCE_MS / 1_000} s`;
    };
    const first = await ask();
    await pause(LATER_MS);
    const second = await ask();
    return `${second === '200' ? 'yes' : 'no'}: ${first}, then ${second}`;
  },
};
