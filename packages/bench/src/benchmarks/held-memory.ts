/** What a held request takes beyond Node's own objects. */
import type { Benchmark } from '../benchmark.js';
import { hold } from '../hold.js';
import { holders } from '../holders.js';

const HELD = 100_000;
const byHand = 'a shared promise, by `then`';
const names = Object.keys(holders);
const gates = names.filter((name) => name.startsWith('bootstrapGate') || name === 'gateServer');

export const benchmark: Benchmark = {
  title: `Memory per held request, ${HELD.toLocaleString('en')} held`,
  about: `The requests come through node:http, each by a connection of its own that leads nowhere, and are kept in an array. Then all of them
are handed to the contender: the figure is what the heap grew by, garbage collected before and after. Node's own objects for one such
request take about 4,100 bytes here, a real socket more. What is done by hand has no time limit, does not notice clients that
leave, and has no limit of places. The times are those of one request: to hold it, and from the end of the bootstrap until it is
served by a handler that does nothing (behind express-queue it ends the response, or nobody else would be served); a gate lets the
event loop turn after every 32 of them.`,
  rounds: 1,
  nodeOptions: ['--no-warnings', '--expose-gc', '--max-old-space-size=4096'],
  metrics: {
    bytes: { title: 'bytes', digits: 0 },
    holdUs: { title: 'hold, µs', digits: 2 },
    releaseUs: { title: 'release, µs', digits: 2 },
  },
  contenders: Object.fromEntries(
    names.map((name) => [name, { run: () => hold(name, HELD), ...(name !== byHand && { against: byHand }) }]),
  ),
  targets: [{ contenders: gates, metric: 'bytes', of: 'value', atMost: 400 }],
};
