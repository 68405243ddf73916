import { AsyncResource } from 'node:async_hooks';
import { createServer } from 'node:http';
import { connect, createServer as createNetServer, type Socket } from 'node:net';
import { bootstrapGate } from '../../../../src/doors/node/index.js';
import { atEnd, dial, listen } from '../support/network.js';
import { deferred, held, warnings } from '../support/waiting.js';

/**
 * A system gives one local port to several connections as long as they lead to different servers: a database at another
 * address, on the port number that this server has too.
 */
const test127 = process.platform === 'linux' ? test : test.skip;
const reason = process.platform === 'linux' ? '' : ' (skipped: only Linux has a server at 127.0.0.2 as it is)';

test127(
  `D5: an outsider with the local port of a connection that the bootstrap has to another server is held${reason}`,
  async () => {
    const seen = warnings();
    const outside = new AsyncResource('outside');
    const connected = deferred<Socket>();
    const boot = deferred();
    let port = 0;
    const handler = bootstrapGate((_req, res) => res.end('served'), {
      bootstrap: () => {
        const socket = connect({ host: '127.0.0.2', port, localAddress: '127.0.0.1', localPort: free }, () =>
          connected.resolve(socket),
        );
        atEnd(() => socket.destroy());
        return boot.promise;
      },
    });
    port = await listen(createServer(handler));
    const elsewhere = createNetServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => elsewhere.listen(port, '127.0.0.2', resolve));
    atEnd(() => elsewhere.close());
    const free = await freePort();

    void handler.gate.ensureReady();
    await connected.promise;
    const outsider = await dial(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', () =>
      outside.runInAsyncScope(() => connect({ host: '127.0.0.1', port, localAddress: '127.0.0.1', localPort: free })),
    );
    await held(handler.gate, 2);
    boot.resolve();
    await outsider.until('served');
    expect(seen).toEqual([]);
  },
);

async function freePort(): Promise<number> {
  const server = createNetServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
