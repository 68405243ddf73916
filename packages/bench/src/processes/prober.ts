/** A process that asks for the health of a server at fixed times, whether or not earlier answers have come. */
import { Agent, get } from 'node:http';

/** One health request: when it was sent, in epoch ms, and how long its answer took. */
export interface Probe {
  readonly at: number;
  readonly ms: number;
}

const EVERY_MS = 10;
const [port] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const probes: Promise<Probe>[] = [];

function probe(): Promise<Probe> {
  const sent = performance.now();
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path: '/livez', agent }, (response) => {
      response.resume();
      response.on('end', () => resolve({ at: performance.timeOrigin + sent, ms: performance.now() - sent }));
    });
    request.on('error', reject);
  });
}

const asking = setInterval(() => probes.push(probe()), EVERY_MS);
process.once('message', () => {
  clearInterval(asking);
  void Promise.all(probes).then((all) => process.send?.(all, () => process.exit(0)));
});
