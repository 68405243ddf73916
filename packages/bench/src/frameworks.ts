/** The gate in front of other frameworks than Express. The application behind them is the same. */
import type { RequestListener } from 'node:http';
import type { Place, Way } from './contenders.js';
import { HEALTH_PATH } from './paths.js';

type Limits = (place: Place) => object;

export const frameworks = (limitsOf: Limits) =>
  ({
    'bootstrapGate of Fastify': async (place: Place): Promise<Way> => {
      const { fastify } = await import('fastify');
      const { bootstrapGate } = await import('bootstrap-gate/fastify');
      const app = fastify();
      const bootstrap = ({ signal }: { signal: AbortSignal }) => place.bootstrap(signal);
      await app.register(bootstrapGate({ bootstrap, exempt: [HEALTH_PATH], ...limitsOf(place) }));
      const serve = async (application: RequestListener) => {
        app.all('/*', (request, reply) => application(request.raw, reply.hijack().raw));
        await app.ready();
        return app.server;
      };
      return { serve, close: () => app.close() };
    },
    'GateModule of Nest': async (place: Place): Promise<Way> => {
      await import('reflect-metadata');
      const { Module } = await import('@nestjs/common');
      const { NestFactory } = await import('@nestjs/core');
      const { GateModule } = await import('bootstrap-gate/nest');
      const bootstrap = ({ signal }: { signal: AbortSignal }) => place.bootstrap(signal);
      class AppModule {}
      Module({ imports: [GateModule.forRoot({ bootstrap, exempt: [HEALTH_PATH], ...limitsOf(place) })] })(AppModule);
      const app = await NestFactory.create(AppModule, { logger: false });
      const serve = async (application: RequestListener) => {
        app.use(application);
        return (await app.init()).getHttpServer();
      };
      return { serve, close: () => app.close() };
    },
  }) satisfies Record<string, (place: Place) => Promise<Way>>;
