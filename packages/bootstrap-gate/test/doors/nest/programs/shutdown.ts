/** An application of Nest whose bootstrap ends only when it is aborted. It prints its URL, and what its bootstrap hears. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Boot } from '../../../../src/index.js';
import { GateModule } from '../../../../src/doors/nest.js';

const bootstrap = async ({ signal }: Boot): Promise<never> => {
  console.log('started');
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  console.log('aborted');
  throw signal.reason;
};

class AppModule {}
Module({ imports: [GateModule.forRoot({ bootstrap })] })(AppModule);

void NestFactory.create(AppModule, { logger: false }).then(async (app) => {
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  console.log(await app.getUrl());
});
