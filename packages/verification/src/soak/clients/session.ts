/** HTTP/2: many streams on one session, some of them slow, some cancelled. */
import { connect } from 'node:net';
import http2, { type ClientHttp2Session } from 'node:http2';
import type { Entry } from '../ledger/entry.js';
import type { StreamPlan } from '../plan/types.js';
import { type Client, inParts, lasted } from './client.js';

export const session: Client<'session'> = async (plan, site, { requests }) => {
  const socket = connect(site.port, '127.0.0.1');
  const connection = http2.connect('http://127.0.0.1', { createConnection: () => socket });
  connection.on('error', () => {}); // its streams hear of it
  const closed = new Promise((resolve) => connection.once('close', resolve));
  const entries = plan.streams.map(({ ask }) => requests.open(plan.kind, ask, site.facts));
  connection.once('goaway', () => {
    for (const entry of entries) entry.mayBeCut ||= entry.end === undefined;
  });
  const exchanges = Promise.all(entries.map((entry, i) => exchange(connection, entry, plan.streams[i] as StreamPlan)));
  // Never its session, whose farewell can make servers before Node 26 keep theirs for ever.
  const end = (): void => void socket.destroy();
  if (await lasted(plan.leavesAfterMs, exchanges)) {
    for (const entry of entries) entry.left();
    end();
  }
  await exchanges;
  end();
  await closed;
};

async function exchange(connection: ClientHttp2Session, entry: Entry, plan: StreamPlan): Promise<void> {
  const headers = { ...entry.headers, ':method': entry.ask.method, ':path': entry.target };
  const stream = connection.request(headers, { endStream: entry.ask.bodyBytes === 0 });
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  const chunks: Buffer[] = [];
  let head: { status: number; headers: Record<string, string | string[] | undefined> } | undefined;
  let why = 'the stream was closed';
  stream.on('error', ({ message }) => (why = message));
  stream.on('response', ({ ':status': status = 0, ...headers }) => (head = { status, headers }));
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => {
    if (head && stream.rstCode === 0) entry.answered({ ...head, body: Buffer.concat(chunks) });
  });
  const upload = send(stream, entry, plan);
  if (await lasted(plan.cancelsAfterMs, entry.ended)) {
    entry.left();
    stream.close(http2.constants.NGHTTP2_CANCEL);
  }
  await closed;
  entry.cut(`${why}${head ? ', amid its answer' : ''}`);
  await upload;
}

async function send(
  stream: NodeJS.WritableStream & { destroyed: boolean },
  entry: Entry,
  plan: StreamPlan,
): Promise<void> {
  if (entry.ask.bodyBytes === 0) return;
  entry.sentWhole = false;
  for (const [i, part] of inParts(entry.body, plan.parts).entries()) {
    if (i > 0 && !(await lasted(plan.pauseMs, entry.ended))) break; // it was answered: nobody wants the rest
    if (stream.destroyed) return;
    stream.write(part);
  }
  entry.sentWhole = true;
  stream.end();
}
