/** How the conformance checks mount the module of Nest. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { Adapter, Application, Setup } from '@bootstrap-gate/conformance';
import type { ArgumentsHost, NestApplicationOptions } from '@nestjs/common';
import type { Nest } from './support.js';

type Next = (error?: unknown) => void;
type Middleware = (req: IncomingMessage, res: ServerResponse, next: Next) => void;

export const nestAdapter = ({ common, core, door, adapter }: Nest): Adapter => ({
  features: ['forward', 'connection', 'rawTarget'],
  async mount({ options, before, application, onError }) {
    class AppModule {}
    common.Module({ imports: [door.GateModule.forRoot(options)] })(AppModule);
    const platform = adapter() as { use(middleware: Middleware): void; init?(): Promise<void> };
    await platform.init?.();
    platform.use((req, _res, next) => void Promise.resolve(before(req, () => next())).catch(next));

    const settings: NestApplicationOptions = { logger: false, abortOnError: false, bodyParser: false };
    const app = await core.NestFactory.create(AppModule, platform as never, settings);
    app.useGlobalFilters(filter(core, onError));
    app.use(serve(application));
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return { port, close: () => app.close() };
  },
});

/** Nest's own answers, and its errors noted: a denial is the cause of an exception of Nest's. */
function filter({ BaseExceptionFilter }: Nest['core'], onError: Setup['onError']) {
  return new (class extends BaseExceptionFilter {
    override catch(exception: Error, host: ArgumentsHost): void {
      if (exception.name !== 'NotFoundException') onError(exception.cause ?? exception);
      const res = host.getArgByIndex<{ raw?: ServerResponse } & ServerResponse>(1);
      const status = (exception as { getStatus?(): number }).getStatus?.() ?? 500;
      const raw = res.raw ?? res;
      raw.statusCode = status;
      raw.end('broken');
    }
  })();
}

const serve =
  (application: Application): Middleware =>
  (req, res, next) => {
    new Promise((resolve) => resolve(application(req))).then((made) => {
      const reply = made as Awaited<ReturnType<Application>>;
      if (!reply) return next();
      res.writeHead(reply.status, { ...reply.headers });
      if (reply.body instanceof Readable) reply.body.pipe(res);
      else res.end(reply.body);
    }, next);
  };
