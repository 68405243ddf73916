/** Counts the orders of the day in memory. At its end the sum goes to the head office and into the ledger. */
import type { Ledger } from './ledger.js';
import { askOffice } from './office.js';

export class Till {
  orders = 0;
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  async count(): Promise<void> {
    await askOffice(`/till/${this.orders}`);
    await this.#ledger.write(`till ${this.orders}`);
  }
}
