/** Lets somebody watch a bootstrap, whether a gate runs it or not. */
import type { Load, Steps } from '../bootstrap.js';

export type LoadEvent =
  | { type: 'bootstrap' }
  | { type: 'step'; name: string; fraction: number; text: string }
  | { type: 'step-done'; name: string; ms: number }
  | { type: 'complete' };

export function announced(load: Load, tell: (event: LoadEvent) => void): Load {
  return async (boot, database) => {
    tell({ type: 'bootstrap' });
    const step: Steps['step'] = (name, fn, options) =>
      boot.step(
        name,
        async ({ signal, progress }) => {
          const startedAt = Date.now();
          tell({ type: 'step', name, fraction: 0, text: '' });
          const value = await fn({
            signal,
            progress(fraction, text = '') {
              tell({ type: 'step', name, fraction, text });
              progress(fraction, text);
            },
          });
          tell({ type: 'step-done', name, ms: Date.now() - startedAt });
          return value;
        },
        options,
      );
    await load({ step }, database);
    tell({ type: 'complete' });
  };
}
