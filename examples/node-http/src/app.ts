import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createGate } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/node';
import { connect } from './database.js';

export const gate = createGate({
  name: 'cities',
  bootstrap: (boot) => boot.step('database', connect, { stop: (database) => database.end() }),
});

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const found = req.url === '/cities';
  res.writeHead(found ? 200 : 404, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify(found ? await gate.value.cities() : { error: 'not found' }));
}

export const app = createServer(bootstrapGate((req, res) => void answer(req, res), { gate, health: true }));
