/** A TCP proxy that loses answers, swallows everything, or just passes. */
import { connect, createServer, type Socket } from 'node:net';

export interface Proxy {
  readonly port: number;
  /** Called for what a client sends; true: pass it on, and cut the connection before the answer arrives. */
  cutsAnswerTo: (sent: Buffer) => boolean;
  /** While true, nothing passes in either direction, and nothing is closed; afterwards TCP delivers it all. */
  isBlackHole: boolean;
  /** How many answers were cut. */
  cuts: number;
  stop(): Promise<void>;
}

export async function startProxy(target: number, at = 0): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let isBlackHole = false;
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    let isCut = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      if (isBlackHole) socket.pause();
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (sent) => {
      if (!isCut && proxy.cutsAnswerTo(sent)) {
        isCut = true;
        proxy.cuts++;
      }
      upstream.write(sent);
    });
    upstream.on('data', (answer) => {
      if (isCut) client.destroy();
      else client.write(answer);
    });
  });
  server.listen(at, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const proxy: Proxy = {
    port: (server.address() as { port: number }).port,
    cutsAnswerTo: () => false,
    get isBlackHole() {
      return isBlackHole;
    },
    set isBlackHole(is) {
      isBlackHole = is;
      for (const socket of sockets) {
        if (is) socket.pause();
        else socket.resume();
      }
    },
    cuts: 0,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
