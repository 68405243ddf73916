/** Both versions of Nest on both platforms. Each version has a registry of modules of its own, and the door is loaded beside it. */
import 'reflect-metadata';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';

export { controlled, held } from '../koa/support.js';

type Common = typeof import('@nestjs/common');
type Core = typeof import('@nestjs/core');
type Testing = typeof import('@nestjs/testing');
type Index = typeof import('../../../src/index.js');
type Door = typeof import('../../../src/doors/nest.js');

type Type = new (...args: never[]) => unknown;
export type Root = Type | ReturnType<Door['GateModule']['forRoot']>;

export interface Nest {
  readonly name: string;
  readonly common: Common;
  readonly core: Core;
  readonly testing: Testing;
  readonly door: Door;
  /** Of the same copy of this package as the door. */
  readonly createGate: Index['createGate'];
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
    modules.set('door', require('../../../src/doors/nest.js'));
    modules.set('index', require('../../../src/index.js'));
  });
  for (const name of names) jest.dontMock(here(name));
  const core = modules.get('core') as Core;
  return ['ExpressAdapter', 'FastifyAdapter'].map((adapterName): Nest => {
    const platform = modules.get(adapterName === 'ExpressAdapter' ? 'platform-express' : 'platform-fastify');
    const Adapter = (platform as Record<string, new () => never>)[adapterName] as new () => never;
    const adapter = (): never => new Adapter();
    return {
      name: `Nest ${version} on ${adapterName.replace('Adapter', '')}`,
      common: modules.get('common') as Common,
      core,
      testing: modules.get('testing') as Testing,
      door: modules.get('door') as Door,
      createGate: (modules.get('index') as Index).createGate,
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
