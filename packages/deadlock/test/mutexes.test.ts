import { Mutex } from 'async-mutex';
import { type DeadlockError, isDeadlockError, traceMutex } from '@bootstrap-gate/deadlock';

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

const refusal = (promise: Promise<unknown>): Promise<DeadlockError> =>
  promise.then(
    () => Promise.reject(new Error('fulfilled')),
    (error: unknown) => (isDeadlockError(error) ? error : Promise.reject(error as Error)),
  );

test('D1: of two mutexes that are taken crosswise only the closing wait is refused, with the whole cycle', async () => {
  const imports = traceMutex(new Mutex(), 'imports');
  const apps = traceMutex(new Mutex(), 'apps');
  const both = [deferred(), deferred()] as const;
  const first = imports.runExclusive(async () => {
    both[0].resolve();
    await both[1].promise;
    return apps.runExclusive(() => 'first');
  });
  const second = apps.runExclusive(async () => {
    both[1].resolve();
    await both[0].promise;
    return refusal(imports.runExclusive(() => 'second'));
  });
  const error = await second;
  expect(await first).toBe('first');
  console.log(error.message);
  expect(error.verdict.cycle.map(({ owner, waitsFor }) => `${owner} -> ${waitsFor}`)).toEqual([
    'holder of mutex "imports" -> mutex "apps"',
    'holder of mutex "apps" -> mutex "imports"',
  ]);
});

test('D4: two orders, one after the other, are a warning', async () => {
  const warnings: string[] = [];
  jest.spyOn(process, 'emitWarning').mockImplementation((w) => void warnings.push((w as Error).message));
  const a = traceMutex(new Mutex(), 'a');
  const b = traceMutex(new Mutex(), 'b');
  await a.runExclusive(() => b.runExclusive(() => 1));
  await b.runExclusive(() => a.runExclusive(() => 1));
  await b.runExclusive(() => a.runExclusive(() => 1));
  expect(warnings).toHaveLength(1);
  console.log(warnings[0]);
});
