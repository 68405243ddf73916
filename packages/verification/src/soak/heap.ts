/** Whether the heap grows with the number of rounds. */

/** What must not be there: this much more late in the run than early in it. */
const BOUND = { factor: 1.15, bytes: 2 * 2 ** 20 };
/** With fewer rounds the compiler's own work is all that is to be seen. */
const LEAST_SAMPLES = 40;

export class HeapWatch {
  readonly #samples: number[] = [];

  sample(): void {
    globalThis.gc?.();
    this.#samples.push(process.memoryUsage().heapUsed);
  }

  /** The plateau of the second fifth of the run, and that of the last. */
  verdict(): { text: string; grows: boolean } {
    const fifth = Math.floor(this.#samples.length / 5);
    if (!globalThis.gc || this.#samples.length < LEAST_SAMPLES) return { text: 'too short a run to say', grows: false };
    const early = median(this.#samples.slice(fifth, 2 * fifth));
    const late = median(this.#samples.slice(-fifth));
    const grows = late > early * BOUND.factor + BOUND.bytes;
    return { text: `${inMegabytes(early)} early, ${inMegabytes(late)} late in the run`, grows };
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const inMegabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
