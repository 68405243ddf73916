/** Gates, their doors and their servers. */
import type { Dice } from '../dice.js';
import { planFlights } from './plan-flight.js';
import type { AdapterName, SitePlan } from './types.js';

export function planSite(dice: Dice, adapter: AdapterName): SitePlan {
  const pilots = dice.chance(0.3);
  const hasHandler = !pilots && !adapter.startsWith('server') && dice.chance(0.3);
  return {
    gate: pilots ? planPilots(dice) : planGate(dice),
    door: {
      waitTimeoutMs: dice.chance(0.5) ? dice.between(60, 400) : dice.between(400, 1_200),
      maxWaiting: dice.chance(0.3) ? dice.between(1, 30) : 1_000,
      health: dice.chance(0.6),
      waitingPage: dice.chance(0.2),
      forward: /express|koa/.test(adapter) && dice.chance(0.2),
    },
    handler: hasHandler,
    upgrades: dice.weighted({ taken: 3, late: pilots ? 0 : 2, untaken: 2 }),
    ...(dice.chance(0.2) && { relapsesAfterTurns: dice.between(0, 3) }),
    flights: pilots ? [] : planFlights(dice),
  };
}

function planGate(dice: Dice): SitePlan['gate'] {
  return {
    eager: dice.chance(0.2),
    cooldownMs: dice.chance(0.3) ? 0 : dice.between(1, 120),
    stallAfterMs: dice.chance(0.3) ? dice.between(10, 60) : 10_000,
    ...(dice.chance(0.6) && { bootTimeoutMs: dice.between(30, 400) }),
    ...(dice.chance(0.6) && { retry: { attempts: dice.between(2, 4), delayMs: dice.between(1, 20) } }),
  };
}

function planPilots(dice: Dice): SitePlan['gate'] {
  return { firstRequests: dice.between(1, 4), pilotTimeoutMs: dice.between(20, 200) };
}
