/** The checks that can run where there are no servers and no processes: as the test of a worker. */
import { coreChecks } from './core-checks.js';
import { note } from './note.js';

export default {
  async test(): Promise<void> {
    for (const { id, title, run } of coreChecks) await note('core', id, title, run);
  },
};
