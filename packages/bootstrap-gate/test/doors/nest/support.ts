/** Both versions of Nest on both platforms. Each version has a registry of modules of its own, and the door is loaded beside it. */
import 'reflect-metadata';
import { join } from 'node:path';
import type * as Common from '@nestjs/common';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import type * as Core from '@nestjs/core';
import type * as Testing from '@nestjs/testing';
import type * as Index from '../../../src/index.js';
import type * as Door from '../../../src/doors/nest.js';

export { controlled, held } from '../koa/support.js';

type Type = new (...args: never[]) => unknown;
export type Root = Type | DynamicModule;

export interface Nest {
  readonly name: string;
  readonly common: typeof Common;
  readonly core: typeof Core;
  readonly testing: typeof Testing;
  readonly door: typeof Door;
  /** Of the same copy of this package as the door. */
  readonly createGate: typeof Index.createGate;
  /** An application that is created and not initialised. */
  create(root: Root): Promise<INestApplication>;
  adapter(): never;
}

const names = ['common', 'core', 'testing', 'platform-express', 'platform-fastify'] as const;

export const nests: readonly Nest[] = (['11', '12'] as const).flatMap((version) => {
  const here = (name: string): string => require.resolve(`@nestjs/${name}`);
  const there = (name: string): string =>
    version === '12' ? here(name) : require.resolve(`@nestjs/${name}`, { paths: [join(__dirname, 'nest-11')] });
  const modules = new Map<string, unknown>();
  jest.isolateModules(() => {
    for (const name of names) if (version === '11') jest.doMock(here(name), () => jest.requireActual(there(name)));
    for (const name of names) modules.set(name, jest.requireActual(there(name)));
    modules.set('door', jest.requireActual('../../../src/doors/nest.js'));
    modules.set('index', jest.requireActual('../../../src/index.js'));
  });
  for (const name of names) jest.dontMock(here(name));
  const core = modules.get('core') as typeof Core;
  return ['ExpressAdapter', 'FastifyAdapter'].map((adapterName): Nest => {
    const platform = modules.get(adapterName === 'ExpressAdapter' ? 'platform-express' : 'platform-fastify');
    const Adapter = (platform as Record<string, new () => never>)[adapterName] as new () => never;
    const adapter = (): never => new Adapter();
    return {
      name: `Nest ${version} on ${adapterName.replace('Adapter', '')}`,
      common: modules.get('common') as typeof Common,
      core,
      testing: modules.get('testing') as typeof Testing,
      door: modules.get('door') as typeof Door,
      createGate: (modules.get('index') as typeof Index).createGate,
      create: (root) => core.NestFactory.create(root, adapter(), { logger: false, abortOnError: false }),
      adapter,
    };
  });
});

/** Initialises and listens; the test closes it. */
export async function listening(app: INestApplication): Promise<string> {
  await app.listen(0, '127.0.0.1');
  return (await app.getUrl()).replace('[::1]', '127.0.0.1');
}
