/** A shop that tells what it was sent, and over a WebSocket repeats what it hears. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Gate, GateOptions } from 'bootstrap-gate';
import { gateServer } from 'bootstrap-gate/node';
import { WebSocketServer } from 'ws';

export interface Shop {
  readonly server: Server;
  readonly gate: Gate<unknown>;
  /** The requests that have reached it, such as `POST /orders`. */
  readonly calls: readonly string[];
}

export interface ShopOptions {
  readonly name: string;
  readonly bootstrap: NonNullable<GateOptions['bootstrap']>;
  /** Must be shorter than the time limit of the proxy in front. */
  readonly waitTimeoutMs?: number;
  readonly maxWaiting?: number;
}

export function createShop({ name, bootstrap, waitTimeoutMs, maxWaiting }: ShopOptions): Shop {
  const calls: string[] = [];
  const server = createServer((req, res) => {
    calls.push(`${req.method} ${req.url}`);
    answer(name, req, res).catch(() => res.destroy()); // the client has left in the middle of its body
  });
  const gate = gateServer(server, { name, bootstrap, waitTimeoutMs, maxWaiting, health: true });
  new WebSocketServer({ server }).on('connection', (socket) => {
    socket.on('message', (data) => socket.send(`${name} heard ${String(data)}`));
  });
  return { server, gate, calls };
}

async function answer(name: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = Buffer.concat((await req.toArray()) as Buffer[]);
  const sha256 = createHash('sha256').update(body).digest('hex');
  // A full shop has looked at the order before it says no: this 503 is its own, and must not be sent again.
  res.writeHead(req.url === '/full' ? 503 : 200, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify({ name, bytes: body.length, sha256 }));
}
