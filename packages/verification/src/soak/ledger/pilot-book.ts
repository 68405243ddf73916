/** First-request mode: one pilot at a time, and no opening without as many successes as are wanted. */
import type { SiteFacts } from './site-facts.js';

interface Pilot {
  readonly name: string;
  readonly site: SiteFacts;
  readonly term: number;
  /** Whether nobody has to wait for it any more. */
  readonly isOver: () => boolean;
  /** The gate has said that it takes too long. */
  isOverdue: boolean;
}

export class PilotBook {
  readonly #complain: (text: string) => void;
  #running: Pilot[] = [];
  readonly #successes = new Map<SiteFacts, { term: number; count: number }>();

  constructor(complain: (text: string) => void) {
    this.#complain = complain;
  }

  /** Watches the openings of a gate. */
  watch(site: SiteFacts): void {
    const wanted = site.plan.gate.firstRequests;
    if (wanted === undefined) return;
    site.gate.onChange((state) => {
      const successes = this.#successes.get(site);
      const count = successes?.term === site.term ? successes.count : 0;
      if (state === 'ready' && count < wanted)
        this.#complain(`a gate opened after ${count} of ${wanted} first requests`);
    });
  }

  /** The application was called although the gate is not open. */
  begin(name: string, site: SiteFacts, isOver: () => boolean): (succeeded: boolean) => void {
    const [other] = this.#underWay(site);
    if (other) this.#complain(`F1: ${name} is a pilot while ${other.name} is one`);
    const { term } = site;
    this.#running.push({ name, site, term, isOver, isOverdue: false });
    return (succeeded) => {
      if (!succeeded || site.term !== term) return;
      const { count } = this.#successes.get(site) ?? { count: 0 };
      const isSameTerm = this.#successes.get(site)?.term === term;
      this.#successes.set(site, { term, count: isSameTerm ? count + 1 : 1 });
    };
  }

  /** F5: the gate has warned of a pilot that takes too long. */
  overdue(warning: string): void {
    const pilot = this.#running.findLast(
      ({ site, isOverdue }) => warning.includes(`"${site.gate.name}"`) && !isOverdue,
    );
    if (pilot) pilot.isOverdue = true;
  }

  /** Those for whom the others have to wait. */
  #underWay(site: SiteFacts): Pilot[] {
    this.#running = this.#running.filter((pilot) => !pilot.isOver());
    return this.#running.filter((pilot) => pilot.site === site && pilot.term === site.term && !pilot.isOverdue);
  }
}
