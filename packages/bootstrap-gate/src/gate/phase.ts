import type { Failure } from './startup.js';

/** What is true in each state, and only there. */
export type Phase<T> =
  | { readonly state: 'idle' }
  | { readonly state: 'booting' }
  | { readonly state: 'ready' | 'draining'; readonly value: T }
  | { readonly state: 'failed'; readonly failure: Failure }
  | { readonly state: 'failed'; readonly resetting: Promise<void> }
  | { readonly state: 'closed'; readonly closing: Promise<void> };
