import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cities, CitiesController } from './cities.js';

@Module({ controllers: [CitiesController], providers: [Cities] })
class Shop {}

async function main(): Promise<void> {
  const app = await NestFactory.create(Shop);
  await app.listen(Number(process.env['PORT']));
  await app.get(Cities).load();
}

void main();
