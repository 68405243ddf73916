/** A server with WebSockets. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gateServer } from 'bootstrap-gate/node';
import { shutdownOnSignal } from 'bootstrap-gate/shutdown';
import { WebSocketServer } from 'ws';

const server = createServer();
const gate = gateServer(server, { bootstrap: () => undefined });
const sockets = new WebSocketServer({ server });
sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(String(data))));
server.listen(0, () => console.log(`listening on ${(server.address() as AddressInfo).port}`));
shutdownOnSignal(server, gate, {
  onShutdown: () => sockets.clients.forEach((socket) => socket.close(1001)),
});
