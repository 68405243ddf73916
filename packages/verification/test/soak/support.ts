import type { Ask, AttemptPlan, ClientPlan, RoundPlan, SitePlan } from '../../src/soak/plan/types.js';

export const ask = (given: Partial<Ask> = {}): Ask => ({
  method: 'GET',
  bodyBytes: 0,
  target: 'ordinary',
  navigates: false,
  application: { does: 'answers', takesMs: 0, bytes: 40 },
  ...given,
});

/** The bootstrap succeeds after so many ms. */
export const attempt = (takesMs: number): AttemptPlan => ({
  steps: [],
  parallel: false,
  work: { does: 'succeeds', takesMs },
  detaches: false,
});

export const sitePlan = (given: Partial<SitePlan> = {}): SitePlan => ({
  gate: {},
  door: { waitTimeoutMs: 5_000, maxWaiting: 100, health: false, waitingPage: false, forward: false },
  handler: false,
  upgrades: 'taken',
  flights: [[attempt(50)]],
  ...given,
});

export const roundPlan = (clients: readonly ClientPlan[], given: Partial<RoundPlan> = {}): RoundPlan => ({
  round: 0,
  adapter: 'node',
  sites: [sitePlan()],
  commands: [],
  clients,
  ...given,
});
