import 'reflect-metadata';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cities, CitiesController } from './cities.js';

@Module({ controllers: [CitiesController], providers: [Cities] })
class Shop implements OnModuleInit {
  constructor(@Inject(Cities) private readonly cities: Cities) {}

  onModuleInit(): Promise<void> {
    return this.cities.load();
  }
}

async function main(): Promise<void> {
  const app = await NestFactory.create(Shop);
  await app.listen(Number(process.env['PORT']));
}

void main();
