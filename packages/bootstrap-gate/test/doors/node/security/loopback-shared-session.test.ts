import {
  type ClientHttp2Session,
  connect,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { bootstrapGate } from '../../../../src/doors/node/index.js';
import { atEnd, listen } from '../support/network.js';
import { deferred, held, warnings } from '../support/waiting.js';

/** Of HTTP/2 it is only known who opened the connection, and an application may forward the requests of others over it. */
test('D5: whoever shares an HTTP/2 session that the bootstrap opened and used is held', async () => {
  const seen = warnings();
  const own = deferred<ClientHttp2Session>();
  const boot = deferred();
  const handler = bootstrapGate((_req: Http2ServerRequest, res: Http2ServerResponse) => void res.end('served'), {
    bootstrap: async () => {
      const session = connect(`http://127.0.0.1:${port}`);
      atEnd(() => session.destroy());
      await ask(session, '/own');
      own.resolve(session);
      await boot.promise;
    },
  });
  const port = await listen(createServer(handler));
  void handler.gate.ensureReady();

  const other = ask(await own.promise, '/other');
  await held(handler.gate, 2);
  boot.resolve();
  expect(await other).toBe(200);
  expect(seen.map(({ code }) => code)).toEqual(['GATE_LOOPBACK']);
});

function ask(session: ClientHttp2Session, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': path });
    stream.on('response', (headers) => resolve(headers[':status']));
    stream.on('error', reject);
    stream.resume();
  });
}
