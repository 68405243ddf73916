/** What a gate that has opened costs a server. */
import autocannon from 'autocannon';
import type { Benchmark, Contender } from '../benchmark.js';
import { type ContenderName, contenderNames } from '../contenders.js';
import { ServerProcess } from '../server-process.js';

const CONNECTIONS = 20;
const WARM_UP_SECONDS = 0.4;
const SECONDS = 1;
/** Autocannon ends at the next multiple of this. */
const SAMPLE_MS = 50;

function throughput(contender: ContenderName): Contender['run'] {
  return async () => {
    using server = new ServerProcess({ contender, bootstrap: 'at once', limits: 'own' });
    const url = `http://127.0.0.1:${await server.port}/`;
    const load = { url, connections: CONNECTIONS, sampleInt: SAMPLE_MS };

    await autocannon({ ...load, duration: WARM_UP_SECONDS });
    const { leftBehind, processorUs } = await server.statistics();
    const { '2xx': answered, duration, errors, non2xx } = await autocannon({ ...load, duration: SECONDS });
    const cpuUs = ((await server.statistics()).processorUs - processorUs) / answered;
    if (errors + non2xx > 0) throw new Error(`${errors + non2xx} requests were not answered well`);
    return { leftBehind, us: (duration / answered) * 1e6, cpuUs };
  };
}

const plain: ContenderName = 'no gate';

export const benchmark: Benchmark = {
  title: 'HTTP throughput, once open',
  about: `Autocannon sends requests over the loopback interface for ${SECONDS} s, ${CONNECTIONS} connections, to an Express application in a process of its own that
is warm. "Left behind" counts own properties of the server and listeners that came or went since the application was attached: a
fact, not a time. The processor time is that of the server's process.`,
  rounds: 5,
  metrics: {
    us: { title: 'µs per request', digits: 1 },
    cpuUs: { title: 'processor µs', digits: 1 },
    leftBehind: { title: 'left behind', digits: 0, hasRatio: false },
  },
  contenders: Object.fromEntries(
    contenderNames().map((name) => [name, { run: throughput(name), ...(name !== plain && { against: plain }) }]),
  ),
  targets: [{ contenders: ['gateServer'], metric: 'leftBehind', of: 'value', atMost: 0 }],
};
