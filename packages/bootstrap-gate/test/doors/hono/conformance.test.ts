import { checksFor } from '@bootstrap-gate/conformance';
import { Hono } from 'hono';
import { Hono as Hono4Oldest } from 'hono4-oldest';
import { honoAdapter } from './mount.js';

/** The newest and the oldest that is supported; the types are those of the newest. */
const versions = [
  { name: 'Hono 4', Version: Hono },
  { name: 'Hono 4.0.0, the oldest', Version: Hono4Oldest as unknown as typeof Hono },
];

describe.each(versions)('$name', ({ Version }) => {
  const adapter = honoAdapter(Version);
  for (const { id, rule, title, run } of checksFor(adapter))
    test(`${id} ${rule}: ${title}`, () => run(adapter), 30_000);
});
