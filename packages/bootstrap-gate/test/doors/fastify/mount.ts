/** How the conformance checks mount the Fastify plugin. */
import type { AddressInfo } from 'node:net';
import type { Adapter, Application, Setup } from '@bootstrap-gate/conformance';
import { bootstrapGate } from '../../../src/doors/fastify.js';
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest, fastify } from 'fastify';

/** Makes the plugin under test; broken ones must fail. */
export type MakeGate = (options: Setup['options']) => FastifyPluginCallback;
type Fastify = typeof fastify;

export const fastifyAdapter = (
  make: Fastify,
  { gate = bootstrapGate as MakeGate, protocol = 'http1' as 'http1' | 'http2' } = {},
): Adapter => ({
  protocol,
  features: ['forward', 'prefix', 'connection', 'rawTarget'],
  async mount({ options, before, application, prefix, onError }) {
    const settings = { routerOptions: { ignoreTrailingSlash: false }, forceCloseConnections: false };
    const app = (
      protocol === 'http2' ? make({ ...settings, http2: true } as never) : make(settings)
    ) as FastifyInstance;
    app.setErrorHandler<Error & { status?: number }>((error, _request, reply) => {
      onError(error);
      return reply.code(error.status ?? 500).send('broken');
    });
    // The application reads the bodies itself.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    app.addHook('onRequest', (request, _reply, done) => void before(request.raw, () => done()));
    if (prefix === undefined) void app.register(gate(options));
    else void app.register(gated(options, gate, application), { prefix });
    app.all('/*', serve(application));
    app.setNotFoundHandler(serve(application));
    await app.listen({ port: 0, host: '127.0.0.1' });
    return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
  },
});

const gated = (options: Setup['options'], gate: MakeGate, application: Application): FastifyPluginCallback =>
  function belowPrefix(app, _options, done) {
    void app.register(gate(options));
    app.all('/*', serve(application));
    done();
  };

const serve = (application: Application) => async (request: FastifyRequest, reply: FastifyReply) => {
  const { status, headers, body } = (await application(request.raw)) ?? { status: 404, headers: {}, body: '' };
  return reply.code(status).headers(headers).send(body);
};
