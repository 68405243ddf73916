/** Decides all that can be decided of a round before it begins. */
import { Dice } from '../dice.js';
import { planClients, STORM_MS } from './plan-clients.js';
import { planSite } from './plan-site.js';
import { type AdapterName, adapterNames, type Command, type RoundPlan } from './types.js';

/** @param adapters those that take part, each in its turn */
export function planRound(seed: number, round: number, adapters: readonly AdapterName[] = adapterNames): RoundPlan {
  const dice = Dice.of(seed, round);
  const adapter = adapters[round % adapters.length] as AdapterName;
  const commands = planCommands(dice);
  const renewals = commands.filter(({ does }) => does === 'renew').length;
  return {
    round,
    adapter,
    sites: dice.list(1 + renewals, () => planSite(dice, adapter)),
    commands,
    clients: planClients(dice, adapter),
  };
}

/** Adapters whose name begins so. */
export function adaptersNamed(beginning: string): readonly AdapterName[] {
  const found = adapterNames.filter((name) => name.startsWith(beginning));
  if (found.length === 0)
    throw new TypeError(`no adapter's name begins with "${beginning}": ${adapterNames.join(', ')}`);
  return adapterNames.includes(beginning as AdapterName) ? [beginning as AdapterName] : found;
}

function planCommands(dice: Dice): Command[] {
  const count = Number(dice.weighted({ 0: 4, 1: 3, 2: 2, 4: 1 } as const));
  const commands = dice.list(count, () => ({
    atMs: dice.between(0, STORM_MS + 100),
    does: dice.weighted<Command['does']>({ reset: 5, drain: 2, close: 1, shutdown: 1, renew: 2 }),
  }));
  return commands.sort((a, b) => a.atMs - b.atMs);
}
