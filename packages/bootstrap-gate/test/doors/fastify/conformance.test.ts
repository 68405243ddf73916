import { checksFor } from '@bootstrap-gate/conformance';
import { fastifyAdapter } from './mount.js';
import { versions } from './support.js';

describe.each(versions)('$name', ({ fastify }) => {
  const adapter = fastifyAdapter(fastify);
  for (const { id, rule, title, run } of checksFor(adapter))
    test(`${id} ${rule}: ${title}`, () => run(adapter), 30_000);
});

describe.each(versions)('$name over HTTP/2', ({ fastify }) => {
  const adapter = fastifyAdapter(fastify, { protocol: 'http2' });
  for (const { id, rule, title, run } of checksFor(adapter))
    test(`${id} ${rule}: ${title}`, () => run(adapter), 30_000);
});
