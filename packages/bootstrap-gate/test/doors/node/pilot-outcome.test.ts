/** Which response of a pilot says that the application works. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import type { Gate } from '../../../src/index.js';
import { bootstrapGate } from '../../../src/doors/node/index.js';
import { atEnd, listen, send } from './support/network.js';
import { until } from './support/waiting.js';

type Handle = (req: IncomingMessage, res: ServerResponse) => void;

const outcomes: [what: string, opens: boolean, handle: Handle][] = [
  ['a response', true, (_req, res) => res.end('ok')],
  ['the last status that is no error', true, (_req, res) => res.writeHead(399).end()],
  ['a client error', false, (_req, res) => res.writeHead(404).end('none')],
  ['a server error', false, (_req, res) => res.writeHead(500).end('broken')],
  ['a response that is broken off', false, (_req, res) => (res.write('a part'), res.destroy())],
];

/** The state of the gate after its pilot. */
async function stateAfter(pilot: (gated: Handle) => Promise<unknown>, handle: Handle): Promise<Gate['state']> {
  const { gate, ...rest } = listenerOf(handle);
  await pilot(rest.listener);
  await until(() => gate.state !== 'booting' && gate.report().admitted === 1);
  return gate.state;
}

function listenerOf(handle: Handle) {
  const listener = bootstrapGate(handle);
  atEnd(() => void listener.gate.close());
  return { gate: listener.gate, listener: listener as Handle };
}

test.each(outcomes)('F2: %s opens the gate: %s', async (_what, opens, handle) => {
  const pilot = async (gated: Handle): Promise<unknown> => send(await listen(createServer(gated))).catch(() => {});
  expect(await stateAfter(pilot, handle)).toBe(opens ? 'ready' : 'idle');
});

const streamOf = (res: ServerResponse) => (res as unknown as { stream: { close(code: number): void } }).stream;

const streamed: typeof outcomes = [
  ...outcomes.filter(([what]) => !what.includes('broken off')),
  ['a stream that is reset', false, (_req, res) => (res.write('a part'), streamOf(res).close(8))],
  ['a stream that is reset after its end', false, (_req, res) => (res.end('whole'), streamOf(res).close(2))],
  ['a stream that is closed before its end', false, (_req, res) => (res.writeHead(200), streamOf(res).close(0))],
];

test.each(streamed)('F2, H6: over HTTP/2 %s opens the gate: %s', async (_what, opens, handle) => {
  const pilot = async (gated: Handle): Promise<unknown> => {
    const session = connect(`http://127.0.0.1:${await listen(createHttp2Server(gated as never))}`);
    atEnd(() => session.destroy());
    const stream = session.request({ ':path': '/' }).on('error', () => {});
    return new Promise((resolve) => stream.resume().on('close', resolve));
  };
  expect(await stateAfter(pilot, handle)).toBe(opens ? 'ready' : 'idle');
});
