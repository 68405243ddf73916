/** Asks the health paths, as an orchestrator does. */
import http from 'node:http';
import http2 from 'node:http2';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client.js';

type Probe = (port: number, path: string) => Promise<number>;

export const prober: Client<'prober'> = async ({ path, times, pauseMs }, { facts, port }, ledger) => {
  if (!facts.plan.door.health) return;
  const probe = facts.adapter.endsWith('http2') ? overHttp2 : overHttp1;
  for (let i = 0; i < times; i++) {
    const from = performance.now();
    const status = await probe(port, path).catch((error: Error) => error);
    if (typeof status !== 'number') {
      if (facts.serverIsClosed) return;
      ledger.complain(`N4: ${path} was not answered: ${status.message}`);
    } else if (!facts.couldSay(path, status, from, performance.now()))
      ledger.complain(`N4: ${path} was answered ${status} at a gate that was ${facts.gate.state} then`);
    ledger.probes++;
    await sleep(pauseMs);
  }
};

const overHttp1: Probe = async (port, path) => {
  const request = http.request({ host: '127.0.0.1', port, path, agent: false });
  request.end();
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  await once(response.resume(), 'end');
  return response.statusCode ?? 0;
};

const overHttp2: Probe = async (port, path) => {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  session.on('error', () => {}); // the stream hears of it
  try {
    const stream = session.request({ ':path': path });
    const [headers] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader];
    await once(stream.resume(), 'close');
    return headers[':status'] ?? 0;
  } finally {
    session.close();
  }
};
