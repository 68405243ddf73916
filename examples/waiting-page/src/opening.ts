/** What the shop does before it opens. Each part takes a while, so that there is something to see. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Boot } from 'bootstrap-gate';

const SHELVES = 40;

/** @param shelfMs how long one shelf takes; the whole takes about fifty times as long */
export function opening(shelfMs: number): (boot: Boot) => Promise<void> {
  return async (boot) => {
    await boot.step('lights', ({ signal }) => sleep(5 * shelfMs, undefined, { signal }));
    await boot.step('till', ({ signal }) => sleep(5 * shelfMs, undefined, { signal }));
    await boot.step('shelves', async ({ signal, progress }) => {
      for (let shelf = 1; shelf <= SHELVES; shelf++) {
        await sleep(shelfMs, undefined, { signal });
        progress(shelf / SHELVES, `${shelf} of ${SHELVES}`);
        boot.progress(0.2 + (0.8 * shelf) / SHELVES); // the page's bar
      }
    });
  };
}
