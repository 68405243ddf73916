/** A shop whose start is slow: each line below stands for work that takes so long. */
import { setTimeout as takes } from 'node:timers/promises';
import { createGate, type Boot, type Gate } from 'bootstrap-gate';

/** @param ms how long the slow parts take; the times of the README are those of 1,000 */
export function createShop(ms = 1_000): Gate<string> {
  const search = createGate({ name: 'search', bootstrap: () => takes(1.3 * ms) });

  return createGate({
    name: 'shop',
    retry: { attempts: 3, delayMs: 0.4 * ms },
    bootstrap: async (boot) => {
      await boot.step('config', () => takes(0.05 * ms));
      await boot.step('database', () => connect(boot, ms), { needs: ['config'] });
      await Promise.all([
        boot.step('mail', () => connectToMail(ms), { needs: ['config'], optional: true }),
        loadTheCatalogue(boot, ms),
        boot.step('prices', () => takes(0.5 * ms), { needs: ['database'] }),
        boot.step('search', () => search.ensureReady().then(() => takes(0.15 * ms)), { needs: ['config'] }),
      ]);
      return 'a shop';
    },
  });
}

async function connect({ attempt }: Boot, ms: number): Promise<void> {
  await takes(0.2 * ms);
  if (attempt === 1) throw new Error('connect ECONNREFUSED 127.0.0.1:5432');
}

async function connectToMail(ms: number): Promise<void> {
  await takes(0.3 * ms);
  throw new Error('getaddrinfo ENOTFOUND mail.internal');
}

async function loadTheCatalogue(boot: Boot, ms: number): Promise<void> {
  await boot.step('migrations', () => takes(0.4 * ms), { needs: ['database'] });
  await boot.step(
    'products',
    async ({ progress }) => {
      for (const part of [1, 2, 3, 4]) {
        await takes(0.3 * ms);
        progress(part / 4, `${part * 250} of 1,000`);
      }
    },
    { needs: ['migrations'] },
  );
}
