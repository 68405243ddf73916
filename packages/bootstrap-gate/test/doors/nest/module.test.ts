/** GateModule in applications of Nest. */
import type { Gate } from '../../../src/index.js';
import { controlled, held, listening, type Nest, nests, type Root } from './support.js';

/** A module with the gate, and a controller that answers with the value of the gate and the body. */
function shop({ common, door }: Nest, gateModule: Root, log: string[] = []): Root {
  const { Body, Controller, Get, Injectable, Module, Post } = common;
  const { InjectGate } = door;

  @Injectable()
  class Database {
    readonly gate: Gate<string>;
    constructor(@InjectGate() gate: Gate<string>) {
      this.gate = gate;
    }
    onModuleInit(): void {
      log.push('init');
    }
  }

  @Controller()
  class Shop {
    readonly database: Database;
    constructor(@common.Inject(Database) database: Database) {
      this.database = database;
    }
    @Get('orders')
    orders(): string {
      return this.database.gate.value;
    }
    @Post('orders')
    order(@Body() body: unknown): unknown {
      log.push('order');
      return body;
    }
  }

  @Module({ imports: [gateModule as never], controllers: [Shop], providers: [Database] })
  class ShopModule {}
  return ShopModule;
}

const post = (url: string, body: string): Promise<Response> =>
  fetch(`${url}/orders`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });

describe.each(nests)('$name', (nest) => {
  const { GateModule, BOOTSTRAP_GATE } = nest.door;
  const gateOf = (app: { get(token: symbol): unknown }): Gate => app.get(BOOTSTRAP_GATE) as Gate;

  test('H1: requests wait for the bootstrap, 404s too, and come with their bodies to controllers that have the gate', async () => {
    const { bootstrap, finish } = controlled<string>();
    const app = await nest.create(shop(nest, GateModule.forRoot({ bootstrap })));
    const url = await listening(app);
    const answers = [fetch(`${url}/orders`), post(url, '{"item":1}'), fetch(`${url}/nowhere`)];
    await held(gateOf(app), 3);
    finish('the value');
    const [value, body, missing] = await Promise.all(answers);
    expect(await value?.text()).toBe('the value');
    expect(await body?.json()).toEqual({ item: 1 });
    expect(missing?.status).toBe(404);
    expect(await (await fetch(`${url}/orders`)).text()).toBe('the value');
    await app.close();
  });

  test('H1: the gate is in front of the body parser', async () => {
    const { bootstrap, finish } = controlled<string>();
    const app = await nest.create(shop(nest, GateModule.forRoot({ bootstrap })));
    const url = await listening(app);
    const answer = post(url, 'not JSON');
    await held(gateOf(app), 1);
    finish('');
    expect((await answer).status).toBe(400);
    await app.close();
  });

  test('A1: forRootAsync takes its options from other providers; they are made once, and the bootstrap runs once', async () => {
    const run = jest.fn(() => 'from the configuration');
    const { Module } = nest.common;
    @Module({ providers: [{ provide: 'run', useValue: run }], exports: ['run'] })
    class Configuration {}
    const useFactory = jest.fn((bootstrap: () => string) => ({ bootstrap, health: true }));
    const root = shop(nest, GateModule.forRootAsync({ imports: [Configuration], inject: ['run'], useFactory }));
    const app = await nest.create(root);
    const url = await listening(app);
    const texts = await Promise.all([1, 2, 3].map(async () => (await fetch(`${url}/orders`)).text()));
    expect(texts).toEqual(['from the configuration', 'from the configuration', 'from the configuration']);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect([useFactory.mock.calls.length, run.mock.calls.length]).toEqual([1, 1]);
    await app.close();
  });

  test('A1: two init() at once run the bootstrap once', async () => {
    const run = jest.fn(() => 'the value');
    const log: string[] = [];
    const app = await nest.create(shop(nest, GateModule.forRoot({ bootstrap: run, eager: true }), log));
    await Promise.allSettled([app.init(), app.init()]); // Fastify refuses to have its routes twice
    const url = await listening(app);
    expect(await (await fetch(`${url}/orders`)).text()).toBe('the value');
    expect(run).toHaveBeenCalledTimes(1);
    await app.close();
  });

  test('H7: app.close() completes with requests held: they are denied, and the gate is closed', async () => {
    const { bootstrap, fail } = controlled<string>();
    const log: string[] = [];
    const app = await nest.create(shop(nest, GateModule.forRoot({ bootstrap }), log));
    const answer = post(await listening(app), '{}');
    const gate = gateOf(app);
    await held(gate, 1);
    const closed = app.close();
    expect(await (await answer).json()).toMatchObject({ code: 'ERR_GATE_CLOSED' });
    fail(new Error('closed'));
    await closed;
    expect([gate.state, log]).toEqual(['closed', ['init']]);
  });

  test('A9: what the bootstrap opened is stopped after the last answer', async () => {
    const order: string[] = [];
    const bootstrap = { run: () => 'the value', stop: () => void order.push('stopped') };
    const app = await nest.create(shop(nest, GateModule.forRoot({ bootstrap })));
    const url = await listening(app);
    expect(await (await fetch(`${url}/orders`)).text()).toBe('the value');
    app.getHttpServer().on('close', () => order.push('server closed'));
    await app.close();
    expect(order).toEqual(['server closed', 'stopped']);
  });

  test("H8, N1: with onDenied: 'forward' a denial goes to the exception filters", async () => {
    const seen: unknown[] = [];
    const { bootstrap, finish } = controlled<string>();
    const root = shop(nest, GateModule.forRoot({ bootstrap, onDenied: 'forward', waitTimeoutMs: 20 }));
    const app = await nest.create(root);
    class Filter extends nest.core.BaseExceptionFilter {
      override catch(exception: unknown, host: never): void {
        seen.push(exception);
        super.catch(exception, host);
      }
    }
    app.useGlobalFilters(new Filter(app.getHttpAdapter()));
    const answer = await fetch(`${await listening(app)}/orders`);
    expect([answer.status, answer.headers.get('x-bootstrap-gate')]).toEqual([503, 'not-started']);
    expect(await answer.json()).toEqual({
      statusCode: 503,
      code: 'ERR_GATE_WAIT_TIMEOUT',
      message: 'Service Unavailable',
    });
    expect(seen).toEqual([expect.any(nest.common.HttpException)]);
    expect(seen).toEqual([
      expect.objectContaining({ cause: expect.objectContaining({ code: 'ERR_GATE_WAIT_TIMEOUT' }) }),
    ]);
    finish('');
    await app.close();
  });

  test('it fits testing modules, and overrideProvider replaces the gate that is injected', async () => {
    const { Test } = nest.testing;
    const root = shop(nest, GateModule.forRoot({ bootstrap: () => 'real' }));
    const builder = Test.createTestingModule({ imports: [root as never] });
    const testing = await builder.overrideProvider(BOOTSTRAP_GATE).useValue({ value: 'replaced' }).compile();
    const app = testing.createNestApplication(nest.adapter(), { logger: false });
    expect(await (await fetch(`${await listening(app)}/orders`)).text()).toBe('replaced');
    await app.close();
  });

  test('without HTTP there is a gate, and no door', async () => {
    const run = jest.fn(() => 'the value');
    const root = shop(nest, GateModule.forRoot({ bootstrap: run }));
    const context = await nest.core.NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
    expect(await gateOf(context).ensureReady()).toBe('the value');
    await context.close();
    expect(gateOf(context).state).toBe('closed');
  });

  test('a wrong option is a TypeError when the application is created', async () => {
    const create = (options: object) => nest.create(shop(nest, GateModule.forRoot(options)));
    await expect(create({ exempt: 1 })).rejects.toThrow(/^GateModule: option "exempt" /);
    const handler = { bootstrap: () => 1, handler: () => () => {} };
    await expect(create(handler)).rejects.toThrow(/option "handler" is for applications that their bootstrap builds/);
  });

  test('H7: a shared gate stays as it is, and what is held here is denied', async () => {
    const { bootstrap, finish } = controlled<string>();
    const gate = nest.createGate({ bootstrap });
    const app = await nest.create(shop(nest, GateModule.forRoot({ gate })));
    const answer = post(await listening(app), '{}');
    await held(gate, 1);
    await app.close();
    expect(await (await answer).json()).toMatchObject({ code: 'ERR_GATE_CLOSED' });
    expect(gate.state).toBe('booting');
    finish('');
  });
});
