/** The door for applications: `app.register(bootstrapGate())`. */
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createDoor } from './create-door.js';
import { nodeTransport } from './node/transport.js';
import { writeAnswer } from './node/write-answer.js';
import type { AdmissionOptions, GateChoice } from '../http/admission-options.js';
import type { Gate } from '../kit/types.js';

export type * from './public-types.js';

export type BootstrapGateOptions<T> = GateChoice<T> & AdmissionOptions<IncomingMessage>;

export type GatedPlugin<T> = FastifyPluginCallback & { readonly gate: Gate<T> };

type Done = (error?: Error) => void;

const handler =
  'is not understood here: routes cannot be added to a Fastify instance that listens. ' +
  'For an application that its bootstrap builds use bootstrap-gate/node, with `handler: (app) => app.routing`';

const transport = nodeTransport<FastifyRequest, FastifyReply, Done>({
  request: (request) => request.raw,
  response: (_request, reply) => reply.raw,
  target: (request) => request.originalUrl,
  proceed: (_application, _request, _reply, done) => done(),
  forward(error, _request, reply, done) {
    reply.headers({ ...error.headers }); // only Fastify's own error handler looks for them
    done(error);
  },
  answer(answer, request, reply) {
    const { raw } = reply.hijack();
    carryHeaders(reply, raw);
    writeAnswer(request.raw, raw, answer);
  },
  isAwaited: false, // the request goes on with `done`
});

/**
 * A plugin that lets requests pass when the gate's bootstrap is complete, and holds them until then: those of all routes of
 * the instance that it is registered on, of the plugins of that, and those that no route takes. Without a bootstrap the
 * first request passes alone, and the others follow when it has succeeded.
 *
 * `app.close()` denies what is held, and closes a gate that this call has made when the other requests are answered.
 *
 * @throws TypeError for a wrong option
 * @example await app.register(bootstrapGate({ bootstrap: () => connectAndMigrate(), health: true }));
 */
export function bootstrapGate<T = undefined>(options?: BootstrapGateOptions<T>): GatedPlugin<T> {
  const door = createDoor('bootstrapGate', options, transport, { handler });
  const { core, gate } = door;

  function receive(request: FastifyRequest, reply: FastifyReply, done: Done): void {
    door.receive(request, reply, done);
  }

  // Compared with true: V8 takes half as long as for asking whether it is truthy.
  function plain(request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (core.ready === true) done();
    else receive(request, reply, done);
  }

  function plugin(app: FastifyInstance, _options: object, done: Done): void {
    app.addHook('onRequest', door.isPlain ? plain : receive);
    app.addHook('preClose', (closed) => {
      door.drain();
      closed();
    });
    app.addHook('onClose', () => door.close());
    done();
  }

  return Object.assign(plugin, { gate, ...meta }) as unknown as GatedPlugin<T>;
}

/** What fastify-plugin would set: the hooks belong to the instance itself, and errors name the plugin. */
const meta = {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'bootstrap-gate',
  [Symbol.for('plugin-meta')]: { name: 'bootstrap-gate', fastify: '5.x' },
};

/** What hooks in front have set, such as those of @fastify/cors: Fastify would write it with the application's answer. */
function carryHeaders(reply: FastifyReply, raw: ServerResponse): void {
  if (raw.headersSent) return;
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
}
