/** Two mounts that gate nothing: what they pass would say nothing about an adapter either. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Adapter, checksFor, listen, type Setup } from '@bootstrap-gate/conformance';

jest.setTimeout(120_000);

/** The checks that this mount passes, except those where it cannot be told from a gate. */
async function wronglyPassed(adapter: Adapter, rightly: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { id, run } of checksFor(adapter)) {
    await run(adapter, { deadlineMs: 150 }).then(
      () => ids.push(id),
      () => {},
    );
  }
  return ids.filter((id) => !rightly.includes(id));
}

const mounting = (listener: (setup: Setup, req: IncomingMessage, res: ServerResponse) => unknown): Adapter => ({
  mount: (setup) => listen(http.createServer((req, res) => void listener(setup, req, res))),
});

test('a mount that lets everything pass fails wherever somebody has to be held or denied', async () => {
  const letsAllPass = mounting(async ({ before, application, onError }, req, res) => {
    try {
      const reply = await before(req, () => application(req));
      res.writeHead(reply?.status ?? 404, reply?.headers);
      if (typeof reply?.body === 'string') res.end(reply.body);
      else reply?.body.pipe(res);
    } catch (error) {
      onError(error);
      res.writeHead(500).end();
    }
  });
  const askedOfAnOpenGate = ['C102', 'C603', 'C604'];
  const askedOfExemptRequests = ['C605'];
  expect(await wronglyPassed(letsAllPass, [...askedOfAnOpenGate, ...askedOfExemptRequests])).toEqual([]);
});

test('a mount that denies everything fails wherever somebody has to be served', async () => {
  const body = JSON.stringify({ type: 'about:blank', title: 'no', status: 503, code: 'ERR_GATE_QUEUE_FULL' });
  const headers = {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    'Retry-After': '1',
    'X-Bootstrap-Gate': 'not-started',
  };
  const deniesAll = mounting((_setup, _req, res) => res.writeHead(503, headers).end(body));
  expect(await wronglyPassed(deniesAll, [])).toEqual([]);
});
