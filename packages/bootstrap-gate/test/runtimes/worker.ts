/** The checks that can run where there are no servers and no processes: as the test of a worker, whose doors it asks by a binding. */
import { coreChecks } from './core-checks.js';
import { note } from './note.js';
import { serve, type Service, workerChecks } from './worker-checks.js';

export default {
  fetch: serve,
  async test(_controller: unknown, { SELF }: { readonly SELF: Service }): Promise<void> {
    for (const { id, title, run } of coreChecks) await note('core', id, title, run);
    for (const door of ['fetch', 'hono'])
      for (const { id, title, run } of workerChecks(door, SELF)) await note(door, id, title, run);
  },
};
