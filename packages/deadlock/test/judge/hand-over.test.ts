import {
  type Cycle,
  cycleThrough,
  dependOn,
  newWait,
  Owner,
  ProvableWait,
  recordWait,
  Until,
} from '../../src/adapter.js';
import { proveByCollection } from '../../src/judge/hand-over.js';
import { newSuspicion } from '../../src/judge/suspicion.js';

const party = { deadlock: 'throw' } as const;
const kept: object[] = [];

/** Works on something that others wait for, and never ends. */
function worker(name: string) {
  const owner = new Owner(`worker of ${name}`);
  const until = new Until('all');
  const work = new Promise<void>(() => {});
  kept.push(work);
  dependOn(until, work, { label: owner.label });
  const resource = { kind: 'gate', name, label: name, party, until, holder: () => ({ owner }), refuse() {} } as const;
  return { owner, resource };
}

test('D2: a cycle that goes through a wait that cannot be judged is not proven by a collection', async () => {
  const [a, b] = [worker('a'), worker('b')];
  const end = recordWait([a.owner], newWait(b.resource, 0, 'somewhere'), () => 0);
  const wait = new ProvableWait<void>(a.resource, { at: () => 'elsewhere', owners: [b.owner] });
  const suspicion = newSuspicion(cycleThrough([b.owner], wait) as Cycle, 0);
  expect(suspicion.waits).toEqual([wait]);
  expect(suspicion.isWhole).toBe(false);
  expect(await proveByCollection([suspicion])).toBe(0);
  end();
  wait.resolve();
});
