/** The application behind the gates: it reads the whole body, does what the request says, and tells the ledger. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { Duplex } from 'node:stream';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Arrivals } from './arrivals.js';
import { answerText, digestOf, type Run } from './ledger/entry.js';
import { Value } from './ledger/flight-book.js';
import type { Ledger } from './ledger/ledger.js';
import type { SiteFacts } from './ledger/site-facts.js';
import type { ApplicationPlan } from './plan/types.js';
import type { Application, Reply } from './servers/mount.js';

export class TestApplication {
  readonly #ledger: Ledger;
  readonly #site: SiteFacts;
  readonly #arrivals: () => Arrivals;
  /** Those under way. */
  running = 0;

  constructor(ledger: Ledger, site: SiteFacts, arrivals: () => Arrivals) {
    this.#ledger = ledger;
    this.#site = site;
    this.#arrivals = arrivals;
  }

  /** @param madeOf the value of the bootstrap that made this application, if one did */
  answering(madeOf?: unknown): Application {
    return async (req, res) => {
      const { id, plan } = asked(req);
      const run = this.#begin(id, req, res, madeOf);
      this.running++;
      try {
        run.digest = await digestOfBody(req);
        if (plan.takesMs > 0) await sleep(plan.takesMs);
        return reply(id, plan, res);
      } finally {
        this.running--;
      }
    };
  }

  /** A protocol of its own: it reads as many bytes as `x-length` says, and answers with their digest. */
  readonly upgrade = (req: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { id } = asked(req);
    const run = this.#begin(id, req, undefined, undefined);
    const wanted = Number(req.headers['x-length']);
    let data = Buffer.alloc(0);
    const take = (chunk: Buffer): void => {
      data = Buffer.concat([data, chunk]);
      if (data.length < wanted) return;
      run.digest = digestOf(data);
      socket.end(run.digest);
    };
    socket.on('error', () => {}); // the client may leave at any time
    socket.on('data', take);
    socket.on('end', () => socket.end()); // the client has left, or has all it wants
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: soak\r\nx-soak-id: ${id}\r\n\r\n`,
    );
    take(head);
  };

  #begin(id: number, req: IncomingMessage, res: ServerResponse | undefined, madeOf: unknown): Run {
    const { requests, complain } = this.#ledger;
    const site = this.#site;
    const isExempt = req.url?.startsWith('/exempt') === true;
    const waited = !isExempt && !this.#arrivals().cameToOpenGate(req);
    const run = requests.run(id, { isGone: waited && isGone(req, res) });
    if (isExempt) return run;
    if (this.#arrivals().isOvertaken(req)) complain(`H4: request ${id} was overtaken by a later one`);
    if (site.gate.ready) this.#checkValue(id, madeOf);
    else if (site.plan.flights.length > 0)
      complain(`request ${id} reached the application while its gate was ${site.gate.state}`);
    else if (res) this.#beginPilot(id, res);
    else complain(`upgrade ${id} reached the application while its gate was ${site.gate.state}`);
    return run;
  }

  #checkValue(id: number, madeOf: unknown): void {
    const { value } = this.#site.gate;
    if (!(value instanceof Value)) return;
    if (value.stops > 0)
      this.#ledger.complain(`request ${id} reached the application when its bootstrap had been undone`);
    if (madeOf !== undefined && madeOf !== value)
      this.#ledger.complain(`M1: request ${id} went to an application that another flight had made`);
  }

  #beginPilot(id: number, res: ServerResponse): void {
    const end = this.#ledger.requests.pilots.begin(`request ${id}`, this.#site, () => isOver(res));
    res.prependOnceListener('finish', () => end(res.statusCode < 400)); // before the gate hears of it and opens
  }
}

function asked(req: IncomingMessage): { id: number; plan: ApplicationPlan } {
  const [id, does, takesMs, bytes] = String(req.headers['x-soak']).split(' ');
  return {
    id: Number(id),
    plan: { does: does as ApplicationPlan['does'], takesMs: Number(takesMs), bytes: Number(bytes) },
  };
}

/** Undefined where the client does not send all of it. */
async function digestOfBody(req: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of req) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return req.complete ? digestOf(Buffer.concat(chunks)) : undefined;
}

function reply(id: number, { does, bytes }: ApplicationPlan, res: ServerResponse): Reply | undefined {
  if (does === 'throws') throw new Error('a planned failure of the application');
  if (does === 'breaks') return void (streamOf(res) ?? res.req.socket).destroy();
  const text = answerText(id, bytes);
  const headers = { 'x-soak-id': String(id), 'content-type': 'text/plain' };
  if (does === 'streams') return { status: 200, headers, body: Readable.from(inParts(text)) };
  return { status: does === 'fails' ? 500 : 200, headers, body: text };
}

async function* inParts(text: string): AsyncGenerator<Buffer> {
  for (let i = 0; i < text.length; i += 500) {
    await sleep(5);
    yield Buffer.from(text.slice(i, i + 500));
  }
}

/** H3, as far as Node can report it. Not the gate's own question, but what Node's objects tell whoever looks. */
function isGone(req: IncomingMessage, res: ServerResponse | undefined): boolean {
  const stream = res && streamOf(res);
  if (stream) return stream.destroyed || stream.closed || stream.session?.destroyed === true;
  return req.socket.destroyed || (res === undefined && req.socket.readableEnded);
}

function isOver(res: ServerResponse): boolean {
  const stream = streamOf(res);
  return stream ? stream.closed || stream.destroyed : res.writableFinished || res.destroyed || res.req.socket.destroyed;
}

function streamOf(res: ServerResponse): Http2ServerResponse['stream'] | undefined {
  return 'stream' in res ? (res as unknown as Http2ServerResponse).stream : undefined;
}
