/** Takes two mutexes crosswise, each traced by a copy of the package of its own; the other copy is a file. */
import { createRequire } from 'node:module';
import { Mutex } from 'async-mutex';
import { isDeadlockError, traceMutex } from '@bootstrap-gate/deadlock';
import { after, print } from './shapes.js';

export { traceMutex };

async function crosswise(other: { readonly traceMutex: typeof traceMutex }): Promise<void> {
  process.removeAllListeners('warning'); // of their order
  const options = { stallAfterMs: 50 };
  const here = traceMutex(new Mutex(), 'here', options);
  const there = other.traceMutex(new Mutex(), 'there', options);
  const both = [
    here.runExclusive(() => after(5).then(() => there.runExclusive(() => {}))),
    there.runExclusive(() => after(5).then(() => here.runExclusive(() => {}))),
  ];
  const errors = (await Promise.allSettled(both)).map((result) => (result as PromiseRejectedResult).reason as unknown);
  const [error] = errors.filter((reason) => isDeadlockError(reason));
  print(error?.verdict.cycle.map(({ owner, waitsFor }) => `${owner} -> ${waitsFor}`));
  process.exit();
}

const [, , file] = process.argv;
if (file && require.main === module) {
  const other = createRequire(file)(file) as { readonly traceMutex: typeof traceMutex };
  void crosswise(other);
}
