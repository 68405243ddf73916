/** Listeners with the mistakes that one makes. Each must fail the named check, for the reason that is given. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Adapter, allChecks } from '@bootstrap-gate/conformance';
import { type Listener, http1Adapter, http2Adapter, type MakeGate, realGate } from './mount.js';

const around =
  (wrap: (gated: Listener, req: IncomingMessage, res: ServerResponse) => unknown): MakeGate =>
  (setup) => {
    const gated = realGate(setup);
    return (req, res) => wrap(gated, req, res);
  };

const keepsErrorsToItself = around((gated, req, res) => {
  Promise.resolve(gated(req, res)).catch(() => res.writeHead(500).end());
});

const readsTheBodyWhileItWaits = around((gated, req, res) => {
  req.resume();
  return gated(req, res);
});

const without = (header: string): MakeGate =>
  around((gated, req, res) => {
    const { writeHead } = res;
    res.writeHead = ((status: number, headers: Record<string, string>) => {
      const { [header]: _, ...rest } = headers;
      return Reflect.apply(writeHead, res, [status, rest]) as ServerResponse;
    }) as typeof writeHead;
    return gated(req, res);
  });

/** Runs the application twice, as a retry inside the adapter would. */
const servesTwice: MakeGate = (setup) =>
  realGate({ ...setup, application: async (req) => (await setup.application(req), await setup.application(req)) });

const runsTheApplicationForTheGone: MakeGate =
  ({ options: { gate }, ...setup }) =>
  async (req, res) => {
    await gate.ensureReady();
    const reply = await setup.application(req);
    if (typeof reply?.body === 'string') res.writeHead(reply.status, reply.headers).end(reply.body);
  };

const answersOnEveryPath: MakeGate = (setup) => {
  const gated = realGate(setup);
  return (req, res) => {
    if (req.url?.startsWith('/livez') && setup.options.health) return res.writeHead(200, noStore).end('ok\n');
    return gated(req, res);
  };
};
const noStore = { 'Cache-Control': 'no-store' };

const holdsHealth: MakeGate = (setup) => realGate({ ...setup, options: { ...setup.options, health: false } });

const showsTheReport: MakeGate = (setup) => {
  const gated = realGate(setup);
  const { gate, health } = setup.options;
  return (req, res) => {
    if (!health || req.url !== '/readyz') return gated(req, res);
    return res.writeHead(gate.ready ? 200 : 503, noStore).end(JSON.stringify(gate.report()));
  };
};

/** Takes health for something that the application does. */
const exemptsHealth: MakeGate = (setup) =>
  realGate({ ...setup, options: { ...setup.options, health: false, exempt: ['/livez', '/readyz', '/startupz'] } });

const mistakes: readonly (readonly [mistake: string, Adapter, id: string, failure: RegExp])[] = [
  ['keeps errors to itself', http1Adapter(keepsErrorsToItself), 'C602', /0 !== 1/],
  ['reads the body while it waits', http1Adapter(readsTheBodyWhileItWaits), 'C302', /all bytes must arrive/],
  ['reads the body while it waits (HTTP/2)', http2Adapter(readsTheBodyWhileItWaits), 'C302', /all bytes must arrive/],
  ['forgets Retry-After', http1Adapter(without('Retry-After')), 'C703', /Retry-After/],
  ['forgets Cache-Control', http1Adapter(without('Cache-Control')), 'C703', /Cache-Control/],
  ['forgets Connection: close', http1Adapter(without('Connection')), 'C512', /'close'/],
  ['serves twice', http1Adapter(servesTwice), 'C101', /24 !== 12/],
  [
    'serves those who are gone',
    http1Adapter(runsTheApplicationForTheGone),
    'C404',
    /waited for: the end of the client/,
  ],
  ['serves reset streams', http2Adapter(runsTheApplicationForTheGone), 'C510', /waited for: the end of the stream/],
  ['holds a whole pipeline', http1Adapter(runsTheApplicationForTheGone), 'C506', /waited for: 2 held/],
  ['answers health for what only looks so', http1Adapter(answersOnEveryPath), 'C802', /had to be denied/],
  ['shows its report on a health path', http1Adapter(showsTheReport), 'C805', /not ok/],
  ['lets the application answer health', http1Adapter(exemptsHealth), 'C806', /of the application/],
  ['finds no place for health requests', http1Adapter(holdsHealth), 'C807', /503 !== 200/],
  ['takes health requests for pilots', http1Adapter(holdsHealth), 'C208', /200 !== 503|404 !== 503/],
];

/** Where only the time limit ends the check, it is not the usual ten seconds; the others get those, however slow the machine. */
const limit = ({ source }: RegExp) => (/waited for|not finished/.test(source) ? { deadlineMs: 3_000 } : {});

for (const [mistake, adapter, id, failure] of mistakes) {
  const check = allChecks.find((check) => check.id === id);
  test(`${check?.rule}: ${id} fails a listener that ${mistake}`, async () => {
    await expect(check?.run(adapter, limit(failure))).rejects.toThrow(failure);
  });
}
