/** The door for applications: `imports: [GateModule.forRoot({ bootstrap })]`. */
import {
  ConfigurableModuleBuilder,
  type ConfigurableModuleAsyncOptions,
  type DynamicModule,
  HttpException,
  Inject,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createDoor } from './create-door.js';
import { nodeTransport } from './node/transport.js';
import type { AdmissionOptions, GateChoice } from '../http/admission-options.js';

export type * from './public-types.js';

/** A gate or the options of one, and what its door understands. `exempt` gets the request of node:http on every platform. */
export type GateModuleOptions = GateChoice<unknown> & AdmissionOptions<IncomingMessage>;

/** What other dynamic modules understand: `imports`, `inject` and `useFactory`, or `useClass`, or `useExisting`. */
export type GateModuleAsyncOptions = ConfigurableModuleAsyncOptions<GateModuleOptions, 'createGateOptions'>;

/** What the gate is provided as; `@InjectGate()` injects it, `overrideProvider(BOOTSTRAP_GATE)` replaces it in a test. */
export const BOOTSTRAP_GATE: unique symbol = Symbol.for('bootstrap-gate.nest.gate');

/**
 * Injects the gate into a provider or controller.
 *
 * @example constructor(@InjectGate() private readonly gate: Gate<Database>) {}
 */
export const InjectGate = (): PropertyDecorator & ParameterDecorator => Inject(BOOTSTRAP_GATE);

type Next = (error?: Error) => unknown;
type Middleware = (req: IncomingMessage, res: ServerResponse, next: Next) => unknown;

const transport = nodeTransport<IncomingMessage, ServerResponse, Next>({
  request: (req) => req,
  response: (_req, res) => res,
  target: (req) => (req as { originalUrl?: string }).originalUrl,
  proceed: (_application, _req, _res, next) => next(),
  forward(error, _req, res, next) {
    const { code, status: statusCode, headers } = error;
    for (const [name, value] of Object.entries(headers ?? {})) res.setHeader(name, value);
    return next(new HttpException({ statusCode, code, message: 'Service Unavailable' }, statusCode, { cause: error }));
  },
});

const handler =
  'is for applications that their bootstrap builds: put bootstrap-gate/node in front of a Nest of that kind';

/** Nest calls the two hooks of what it has instantiated, whether that is a class of its own or not. */
function createNestDoor(options: GateModuleOptions, host: HttpAdapterHost) {
  const door = createDoor('GateModule', options, transport, { handler });
  const { core, gate } = door;
  const receive: Middleware = (req, res, next) => door.receive(req, res, next);
  // Compared with true: V8 takes half as long as for asking whether it is truthy.
  const plain: Middleware = (req, res, next) => (core.ready === true ? next() : receive(req, res, next));

  // At once, or when a testing module makes an application of it: before any body parser. Without HTTP there is no adapter.
  host.init$.subscribe(() => host.httpAdapter?.use(door.isPlain ? plain : receive));
  return { gate, beforeApplicationShutdown: () => door.drain(), onApplicationShutdown: () => door.close() };
}

const OPTIONS = Symbol('options of GateModule');
const DOOR = Symbol('door of GateModule');
const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<GateModuleOptions>({ optionsInjectionToken: OPTIONS })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createGateOptions')
  .setExtras({}, ({ providers = [], ...definition }) => ({
    ...definition,
    global: true,
    providers: [
      ...providers,
      { provide: DOOR, useFactory: createNestDoor, inject: [OPTIONS, HttpAdapterHost] },
      { provide: BOOTSTRAP_GATE, useFactory: ({ gate }: ReturnType<typeof createNestDoor>) => gate, inject: [DOOR] },
    ],
    exports: [BOOTSTRAP_GATE],
  }))
  .build();

/**
 * Puts a gate in front of everything that a Nest application answers, on Express and on Fastify: routes, middleware of other
 * modules, 404s. It is a global module, so its gate can be injected anywhere. `app.close()` and the shutdown hooks deny what
 * is held, and close a gate that the module has made when the other requests are answered.
 */
export class GateModule {
  /**
   * @throws (when Nest creates the application) TypeError for a wrong option
   * @example imports: [GateModule.forRoot({ bootstrap: () => connectAndMigrate(), health: true })]
   */
  static forRoot(options: GateModuleOptions = {}): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot(options), module: this };
  }

  /**
   * The same with options that need other providers. The factory is called when the application is created, and
   * what takes long belongs in the bootstrap that it gives.
   *
   * @example
   * GateModule.forRootAsync({
   *   inject: [Database],
   *   useFactory: (db: Database) => ({ bootstrap: (boot) => boot.step('database', () => db.connect()) }),
   * })
   */
  static forRootAsync(options: GateModuleAsyncOptions): DynamicModule {
    return { ...ConfigurableModuleClass.forRootAsync(options), module: this };
  }
}
