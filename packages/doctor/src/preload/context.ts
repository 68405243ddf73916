/** Tells what the start does from what a request does. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context } from '../journal-entry.js';

const requests = new AsyncLocalStorage<number>();
let last = 0;

/** 0 is the start itself. */
export function currentContext(): Context {
  return requests.getStore() ?? 0;
}

export function inNewRequest<T>(work: (id: number) => T): T {
  const id = ++last;
  return requests.run(id, () => work(id));
}
