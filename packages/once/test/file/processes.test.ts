import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileOnce } from '../../src/file.js';
import { hasDied, identityOf } from '../../src/file/identity.js';
import { FileStore } from '../../src/file/store.js';
import { startFileWorker } from '../support/child.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'once-file-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Only /proc can tell at once; elsewhere the lease decides. */
const hasProc = existsSync('/proc/self/stat');
const withProc = hasProc ? test : test.skip;
const title = (text: string): string => (hasProc ? text : `${text} (skipped: no /proc on this system)`);
const AN_HOUR = 3_600_000;

describe('processes that share a folder', () => {
  test('eight processes raise a counter 150 times each: no gap, nothing lost', async () => {
    const children = Array.from({ length: 8 }, (_, i) =>
      startFileWorker({ folder, name: `p${i}`, leaseMs: AN_HOUR, act: 'count', times: 150 }),
    );
    for (const child of children) expect(await child.exited).toEqual({ code: 0, signal: null });
    const view = await new FileStore(folder).look({ namespace: 'n', name: 'counter' }, 'k', null);
    expect(view.run?.result).toBe('1200');
    expect(view.revision).toBe(1_200);
  });

  withProc(title('O3: a process that was killed is succeeded at once, long before its lease is over'), async () => {
    const leader = startFileWorker({ folder, name: 'p1', leaseMs: AN_HOUR, act: 'die' });
    expect((await leader.exited).signal).toBe('SIGKILL');
    const once = fileOnce(folder, { namespace: 'n', leaseMs: AN_HOUR });
    expect(await once.run({ key: 'v1' }, ({ attempt, fence }) => [attempt, fence])({ name: 'step' })).toEqual([2, 2]);
    await once.close();
  });

  test('O3: a process that stands still is succeeded after its lease; its signal has fired when it goes on', async () => {
    const leader = startFileWorker({ folder, name: 'p1', leaseMs: 500, act: 'late' });
    await leader.says('working');
    leader.process.kill('SIGSTOP');
    const once = fileOnce(folder, { namespace: 'n', leaseMs: 500, replica: 'p2' });
    expect(await once.run({ key: 'v1' }, () => 'p2')({ name: 'step' })).toBe('p2');
    leader.process.kill('SIGCONT');
    await leader.says('signal');
    await leader.says('result p2');
    expect(await leader.exited).toEqual({ code: 0, signal: null });
    await once.close();
  });

  test('O3: the lease outlasts a blocked event loop, because a thread of its own beats', async () => {
    const [leader, waiter] = ['p1', 'p2'].map((replica) => fileOnce(folder, { namespace: 'n', leaseMs: 500, replica }));
    const first = leader!.run({ key: 'v1' }, async ({ signal }) => {
      const other = startFileWorker({ folder, name: 'p3', leaseMs: 500, act: 'hang' });
      await new Promise((resolve) => setTimeout(resolve, 200));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
      await new Promise((resolve) => setTimeout(resolve, 200));
      other.process.kill('SIGKILL');
      expect(other.lines).toEqual([]);
      return signal.aborted;
    })({ name: 'step' });
    expect(await first).toBe(false);
    expect(await waiter!.run({ key: 'v1' }, () => 'again')({ name: 'step' })).toBe(false);
    await Promise.all([leader!.close(), waiter!.close()]);
  });

  test('twenty processes of a cluster: one works, and all get its result', async () => {
    const all = Array.from({ length: 20 }, (_, i) => fileOnce(folder, { namespace: 'n', replica: `p${i}` }));
    let calls = 0;
    const results = await Promise.all(all.map((once) => once.run({ key: 'v1' }, () => ++calls)({ name: 'step' })));
    expect(new Set(results)).toEqual(new Set([1]));
    await Promise.all(all.map((once) => once.close()));
    const names = readdirSync(path.join(folder, 'sessions'));
    const sessions = names.filter((name) => name.endsWith('.json'));
    expect(names.filter((name) => name.endsWith('.ended'))).toHaveLength(sessions.length);
  });
});

describe('identity', () => {
  const mine = identityOf(process.pid);

  withProc(title('a PID that is used again is another process; a boot later all are gone'), () => {
    expect(mine.start).toBe(readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ')[19]);
    expect(hasDied(mine, mine)).toBe(false);
    expect(hasDied({ ...mine, start: '1' }, mine)).toBe(true);
    expect(hasDied({ ...mine, pid: 2 ** 22 }, mine)).toBe(true);
    expect(hasDied({ ...mine, boot: 'an earlier one' }, mine)).toBe(true);
  });

  test('nothing is certain of another host or container, or where /proc does not tell', () => {
    expect(hasDied({ ...mine, hostname: 'other', boot: 'x' }, mine)).toBe(false);
    expect(hasDied({ ...mine, namespace: 'pid:[1]', pid: 2 ** 22 }, mine)).toBe(false);
    expect(hasDied({ ...mine, boot: null, start: null }, mine)).toBe(false);
    expect(hasDied({ ...mine, start: null }, mine)).toBe(false);
  });
});
