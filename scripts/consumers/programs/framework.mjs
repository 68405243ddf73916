// The framework that is installed here, served through its door.
import { readFileSync } from 'node:fs';
import { answerThrough, holdAndAnswer } from './server.mjs';

const framework = JSON.parse(readFileSync('framework.json', 'utf8'));

/** @param load is `import`, or `require` */
export async function answerThroughFramework(load, makeOptions) {
  const serve = { fastify, nest }[framework];
  if (serve) return await holdAndAnswer((options) => serve(load, options), makeOptions);
  const { bootstrapGate } = await load(`bootstrap-gate/${framework}`);
  const loaded = await load(framework);
  await answerThrough(loaded.default ?? loaded, bootstrapGate, makeOptions);
}

async function fastify(load, options) {
  const { bootstrapGate } = await load('bootstrap-gate/fastify');
  const { fastify } = await load('fastify');
  const gated = bootstrapGate(options);
  const app = fastify();
  await app.register(gated);
  app.get('/', async () => gated.gate.value);
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { gate: gated.gate, server: app.server };
}

async function nest(load, options) {
  await load('reflect-metadata');
  const { Controller, Get, Module } = await load('@nestjs/common');
  const { NestFactory } = await load('@nestjs/core');
  const { BOOTSTRAP_GATE, GateModule, InjectGate } = await load('bootstrap-gate/nest');

  // Decorators as functions: Node runs no others.
  class Answer {
    constructor(gate) {
      this.gate = gate;
    }
    get() {
      return this.gate.value;
    }
  }
  Controller()(Answer);
  InjectGate()(Answer, undefined, 0);
  Get()(Answer.prototype, 'get', Object.getOwnPropertyDescriptor(Answer.prototype, 'get'));
  class AppModule {}
  Module({ imports: [GateModule.forRoot(options)], controllers: [Answer] })(AppModule);

  const app = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  return { gate: app.get(BOOTSTRAP_GATE), server: app.getHttpServer() };
}
