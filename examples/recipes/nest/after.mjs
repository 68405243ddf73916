// A shop whose prices need the tax rates of another service, which takes a while to give them.
import { rates, Shop } from './shop.mjs';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GateModule } from 'bootstrap-gate/nest';

class AppModule {}
Module({ imports: [GateModule.forRoot({ bootstrap: () => rates.load() })], controllers: [Shop] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
console.log(`listening on ${app.getHttpServer().address().port}`);
