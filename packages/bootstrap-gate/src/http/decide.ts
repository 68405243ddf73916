/** The policy of a door: what becomes of a request, decided from plain facts and given as data. */
import type { GateCore } from '../gate/gate-core.js';
import type { Pilot } from '../gate/startup.js';
import type { GateError } from '../kit/errors.js';
import type { AdmissionSettings } from './admission-options.js';
import type { Answer } from './answer.js';
import { denial, denialHeaders, isNavigation } from './denial.js';
import { exemptions } from './exempt.js';
import type { RequestFacts } from './facts.js';
import { healthAnswer, isProbeMethod, probeOf } from './health.js';
import { type Loopback, loopbackOf, senderOf } from './own-requests.js';
import { isPoll, pollAnswer, waitingPage } from './page/page.js';

/** What becomes of a request that comes while the gate is not open. */
export type Decision =
  | { readonly kind: 'hold'; readonly loopback?: Loopback | undefined }
  /** Exempt, or sent by a pilot that is under way. */
  | { readonly kind: 'pass'; readonly pilot: Pilot | undefined }
  /** A health request, a poll, or a navigation that gets the waiting page; `denied` says whether it counts as such. */
  | { readonly kind: 'answer'; readonly answer: Answer; readonly denied: boolean }
  | { readonly kind: 'deny'; readonly error: GateError };

const hold: Decision = { kind: 'hold' };

export class Policy {
  readonly core: GateCore;
  readonly settings: AdmissionSettings;
  readonly #isExempt: (facts: RequestFacts) => boolean;

  constructor(core: GateCore, settings: AdmissionSettings) {
    this.core = core;
    this.settings = settings;
    this.#isExempt = exemptions(core.name, settings.exempt);
  }

  /** @param page false where no browser would show the waiting page, as for an upgrade */
  decide(facts: RequestFacts, { page = true } = {}): Decision {
    const health = this.health(facts);
    if (health) return { kind: 'answer', answer: health, denied: false };
    if (this.#isExempt(facts)) return { kind: 'pass', pilot: undefined };
    const sender = senderOf(facts);
    const pilot = this.core.startup.pilotOf(sender.scope);
    if (pilot) return { kind: 'pass', pilot };
    const loopback = sender.scope && loopbackOf(sender, facts);
    if (loopback) return { kind: 'hold', loopback };
    return (page && this.#page(facts)) || hold;
  }

  /** Whether a request with this target may be a health request; for open gates, where nothing else is looked at. */
  isHealthTarget(target: string): boolean {
    return probeOf(this.settings.health, target) !== undefined;
  }

  /** The health answer, if this is a health request. */
  health({ method, target }: RequestFacts): Answer | undefined {
    const probe = probeOf(this.settings.health, target);
    if (!probe || !isProbeMethod(method)) return undefined;
    if (probe !== 'live' && this.core.hasBootstrap) this.core.start(); // whoever is only probed has to become ready too
    return healthAnswer(probe, this.core);
  }

  /** What a denied client gets; the waiting page only where a browser would show it. */
  denial(error: GateError, facts: RequestFacts, { page = true } = {}): Answer {
    return denial(facts, error, this.core, page ? this.settings : { ...this.settings, waitingPage: undefined });
  }

  /** The waiting page, for a person's browser that is not needed as a pilot, and for its polls. The gate gets going. */
  #page(facts: RequestFacts): Decision | undefined {
    const { core, settings } = this;
    const { waitingPage: page, expose } = settings;
    if (!page || core.state === 'closed') return undefined;
    if (isPoll(facts)) {
      core.start();
      return { kind: 'answer', answer: pollAnswer(core, expose), denied: false };
    }
    if (core.wantsPilot || !isNavigation(facts)) return undefined;
    core.start();
    return { kind: 'answer', answer: waitingPage(core, page, expose, denialHeaders(core)), denied: true };
  }
}
