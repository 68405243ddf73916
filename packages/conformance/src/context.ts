/** The store that the application keeps with each request, set in front of the gate. */
import { AsyncLocalStorage } from 'node:async_hooks';

const stores = new AsyncLocalStorage<string>();

export const runWithStore = <R>(store: string, next: () => R): R => stores.run(store, next);

export const currentStore = (): string | undefined => stores.getStore();
