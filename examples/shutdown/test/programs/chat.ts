/** A server with WebSockets. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gateServer } from 'bootstrap-gate/node';
import { WebSocketServer } from 'ws';
import { endOnSignal } from '../../src/shutdown.js';

const server = createServer();
const gate = gateServer(server, { bootstrap: () => undefined });
const sockets = new WebSocketServer({ server });
sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(String(data))));
server.listen(0, () => console.log(`listening on ${(server.address() as AddressInfo).port}`));
endOnSignal({
  server,
  gate,
  drainMs: 1,
  endSockets: () => sockets.clients.forEach((socket) => socket.close(1001)),
});
