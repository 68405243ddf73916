/** What happened in one run, in order, and what of it broke a rule. */
export class Journal {
  readonly events: string[] = [];
  readonly violations: string[] = [];
  #now = 0;

  /** A number that grows with every event: before and after, where the clock stands still. */
  get now(): number {
    return this.#now;
  }

  note(event: string): number {
    this.events.push(event);
    return ++this.#now;
  }

  /** Breaks of a rule are collected, because an exception inside a callback would be isolated by the gate. */
  must(holds: boolean, rule: string): void {
    if (!holds) this.violations.push(`${rule} (after event ${this.events.length}: ${this.events.at(-1)})`);
  }

  /** @throws with the whole story, when a rule was broken */
  verify(): void {
    if (this.violations.length === 0) return;
    const story = this.events.map((event, at) => `${String(at + 1).padStart(4)} ${event}`);
    throw new Error(`${this.violations.join('\n')}\n\n${story.join('\n')}`);
  }
}
