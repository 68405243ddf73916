/** The names of an attempt's steps. One that is used twice is numbered: `load`, `load #2`. */
export class StepNames {
  readonly #timesUsed = new Map<string, number>();

  unused(name: string): string {
    let times = (this.#timesUsed.get(name) ?? 0) + 1;
    const numbered = (): string => (times === 1 ? name : `${name} #${times}`);
    while (this.#timesUsed.has(numbered())) times++;
    this.#timesUsed.set(numbered(), 1).set(name, times);
    return numbered();
  }
}
