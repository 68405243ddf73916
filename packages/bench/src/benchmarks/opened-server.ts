/** What a gate that has opened costs a server. */
import autocannon from 'autocannon';
import type { Benchmark, Contender } from '../benchmark.js';
import { HelperProcess } from '../helper-process.js';
import type { ServerMessage } from '../processes/server.js';
import { type ServerName, servers } from '../servers.js';

const CONNECTIONS = 20;
const WARM_UP_SECONDS = 0.4;
const SECONDS = 1;
/** Autocannon ends at the next multiple of this. */
const SAMPLE_MS = 50;

function throughput(name: ServerName): Contender['run'] {
  return async () => {
    using server = new HelperProcess<ServerMessage>('server', [name, 'hello', 'before']);
    const [leftBehind, port] = await Promise.all([
      server.hear((message) => message.leftBehind),
      server.hear((message) => message.port),
    ]);
    const load = { url: `http://127.0.0.1:${port}/`, connections: CONNECTIONS, sampleInt: SAMPLE_MS };
    const cpuUsed = (): Promise<number> => server.ask('cpu', (message) => message.cpuUs);

    await autocannon({ ...load, duration: WARM_UP_SECONDS });
    const before = await cpuUsed();
    const { '2xx': answered, duration, errors, non2xx } = await autocannon({ ...load, duration: SECONDS });
    const cpuUs = ((await cpuUsed()) - before) / answered;
    if (errors + non2xx > 0) throw new Error(`${errors + non2xx} requests were not answered well`);
    return { leftBehind, us: (duration / answered) * 1e6, cpuUs };
  };
}

const plain: ServerName = 'no gate';

export const benchmark: Benchmark = {
  title: 'A server whose gate has opened',
  about: `Autocannon sends requests over the loopback interface for ${SECONDS} s, ${CONNECTIONS} connections, to a server in a process of its own that is warm.
"Left behind" counts own properties of the server and listeners that came or went since the application was attached: a fact, not
a time. The processor time is that of the server's process.`,
  rounds: 5,
  metrics: {
    leftBehind: { title: 'left behind', digits: 0, hasRatio: false },
    us: { title: 'µs per request', digits: 1 },
    cpuUs: { title: 'processor µs', digits: 1 },
  },
  contenders: Object.fromEntries(
    (Object.keys(servers) as ServerName[]).map((name) => [
      name,
      { run: throughput(name), ...(name !== plain && { against: plain }) },
    ]),
  ),
  targets: [{ contenders: ['gateServer'], metric: 'leftBehind', of: 'value', atMost: 0 }],
};
