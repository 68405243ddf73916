/** The guardian's program: reads orders from stdin, and cleans up when stdin ends, for whatever reason. */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { endGroup } from './start/end-group.js';
import type { GuardOrder } from './start/guardian.js';

const groups = new Set<number>();
const folders = new Set<string>();

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line) as GuardOrder;
  const [what, verb] = 'add' in order ? [order.add, 'add' as const] : [order.drop, 'delete' as const];
  if ('group' in what) groups[verb](what.group);
  else folders[verb](what.folder);
}
// The journals say which processes left the group.
await Promise.all([...groups].map((group) => endGroup(group, [...folders])));
for (const folder of folders) rmSync(folder, { recursive: true, force: true });
