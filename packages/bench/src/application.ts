/** The application that all contenders stand in front of, with Express. */
import { createServer, type Server } from 'node:http';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { Middleware } from './contenders.js';
import { requestContext } from './incoming.js';
import { CONFIG_PATH, HEALTH_PATH, WHO_PATH, WORK_PATH } from './paths.js';

export interface ApplicationState {
  /** Set by its bootstrap. */
  isReady: boolean;
  /** How often it was called, health aside. */
  handled: number;
}

const WORK_MS = 1;
const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: bench\r\n\r\n';

export function createApplication(state: ApplicationState, middleware: Middleware | undefined): Server {
  const app = express();
  app.get(HEALTH_PATH, (_req, res) => void res.end('ok\n'));
  if (middleware) app.use(middleware as RequestHandler);
  app.use((req, res) => {
    state.handled++;
    if (req.url === CONFIG_PATH) return void res.end('config\n');
    if (!state.isReady) return void res.writeHead(500).end('not ready\n');
    if (req.url === WORK_PATH) work();
    res.end(req.url.startsWith(WHO_PATH) ? requestContext.getStore() : 'hello\n');
  });
  app.use(failure);
  const server = createServer(app);
  server.on('upgrade', (_req, socket) => socket.write(SWITCHING + (state.isReady ? 'ready' : 'not ready')));
  return server;
}

function work(): void {
  const end = performance.now() + WORK_MS;
  while (performance.now() < end);
}

/** As Backstage's own error handling has it; the other errors tell no status. */
function failure(error: Error, _req: Request, res: Response, _next: NextFunction): void {
  res.writeHead(error.name === 'ServiceUnavailableError' ? 503 : 500).end(`${error.message}\n`);
}
