/** H5: nothing of a gate is left on a server when it is open. */
import type { Site } from '../site.js';

/** In words, what is there that should not be. */
export function leftOnServer({ server, gate, facts, takesUpgrades }: Site): string[] {
  if (!facts.adapter.startsWith('server') || !gate.ready) return [];
  const wanted = { request: 1, checkContinue: 0, upgrade: takesUpgrades ? 1 : 0 };
  const left = Object.entries(wanted)
    .map(([event, count]) => ({ event, surplus: server.listenerCount(event) - count }))
    .filter(({ surplus }) => surplus !== 0)
    .map(({ event, surplus }) => `${surplus} listeners of "${event}" are left on a server whose gate is open`);
  const hasEmit = Object.hasOwn(server, 'emit');
  if (hasEmit === facts.plan.door.health) return left;
  return [...left, hasEmit ? 'emit is left on a server whose gate is open' : 'health is on, and emit is not watched'];
}
