import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import fastifyOldest from 'fastify-oldest';

export { controlled, held } from '../koa/support.js';

/** The newest and the oldest that is supported; the types are those of the newest. */
export const versions = [
  { name: 'Fastify 5', fastify },
  { name: 'Fastify 5.0.0, the oldest', fastify: fastifyOldest as unknown as typeof fastify },
];

/** Listens with an application; the test closes it. */
export async function listening(app: FastifyInstance): Promise<string> {
  await app.listen({ port: 0, host: '127.0.0.1' });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}
