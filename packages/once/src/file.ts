import path from 'node:path';
import { OnceBase, type Once } from './create-once.js';
import { FileStore } from './file/store.js';
import { readOnceOptions, wrong } from './options.js';
import type { OnceOptions } from './types.js';

export type { Once, RunFunction } from './create-once.js';
export type { StoreTraits } from './store.js';
export type { Execution, OnceOptions, ReplicaWait, StepContext, StepFunction, StepOptions } from './types.js';

/**
 * Steps that run once across the processes of one host: `node:cluster`, PM2, several workers. A process that has died is
 * succeeded at once where /proc tells, and after a lease elsewhere. Not for network file systems: their `link` does not
 * exclude.
 *
 * @param folder where it keeps its files; the same for all processes, on a local disk, kept across restarts
 * @throws TypeError for wrong options
 * @example
 * const once = fileOnce('/var/lib/shop/once', { namespace: 'shop' });
 */
export function fileOnce(folder: string, options: OnceOptions): Once {
  if (typeof folder !== 'string' || folder === '' || folder.includes('\0')) {
    throw wrong('fileOnce', 'folder', 'must be the path of a folder', folder);
  }
  const store = new FileStore(path.resolve(folder));
  return new OnceBase(store, readOnceOptions('fileOnce', options), (_, execution) => ({
    execution,
    isFree: () => false,
    end: () => {},
  })) as unknown as Once;
}
