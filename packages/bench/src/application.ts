/** The application that all contenders stand in front of; in Express, unless they bring another framework. */
import { createServer, type RequestListener, type Server } from 'node:http';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { Middleware, Way } from './contenders.js';
import { requestContext } from './incoming.js';
import { CONFIG_PATH, HEALTH_PATH, WHO_PATH, WORK_PATH } from './paths.js';

const WORK_MS = 1;
const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: bench\r\n\r\n';

/** @param isReady whether its bootstrap is complete; what comes before is an error, or an upgrade that says so */
export async function createApplication(
  isReady: () => boolean,
  { middleware, serve = inExpress(middleware) }: Way,
): Promise<{ readonly server: Server; readonly handled: () => number }> {
  let handled = 0;
  const server = await serve((req, res) => {
    const { url = '' } = req;
    if (url === HEALTH_PATH) return void res.end('ok\n');
    handled++;
    if (url === CONFIG_PATH) return void res.end('config\n');
    if (!isReady()) return void res.writeHead(500).end('not ready\n');
    if (url === WORK_PATH) work();
    res.end(url.startsWith(WHO_PATH) ? `${url} found ${requestContext.getStore()}` : 'hello\n');
  });
  // A server that is blocked for longer than Node's 5 s must not reset those who ask it again.
  server.keepAliveTimeout = 60_000;
  server.on('upgrade', (_req, socket) => socket.write(SWITCHING + (isReady() ? 'ready' : 'not ready')));
  return { server, handled: () => handled };
}

const inExpress =
  (middleware: Middleware | undefined) =>
  async (application: RequestListener): Promise<Server> => {
    const app = express();
    app.get(HEALTH_PATH, (req, res) => application(req, res));
    if (middleware) app.use(middleware as RequestHandler);
    app.use((req, res) => application(req, res));
    app.use(failure);
    return createServer(app);
  };

function work(): void {
  const end = performance.now() + WORK_MS;
  while (performance.now() < end);
}

/** As Backstage's own error handling has it; the other errors tell no status. */
function failure(error: Error, _req: Request, res: Response, _next: NextFunction): void {
  res.writeHead(error.name === 'ServiceUnavailableError' ? 503 : 500).end(`${error.message}\n`);
}
