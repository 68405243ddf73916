/** What happened in a round, and what is wrong with it. */
import { FlightBook } from './flight-book.js';
import { RequestBook } from './request-book.js';

export class Ledger {
  readonly complaints: string[] = [];
  readonly requests = new RequestBook((text) => this.complain(text));
  readonly flights = new FlightBook((text) => this.complain(text));
  /** Callers of `ensureReady` and of wrapped functions that are still waiting or at work. */
  callers = 0;
  /** Health answers. */
  probes = 0;

  readonly complain = (text: string): void => void this.complaints.push(text);

  /** At the end of the round, when nothing goes on any more. */
  close(): void {
    this.requests.close();
    this.flights.close();
    if (this.callers > 0) this.complain(`${this.callers} callers are still waiting`);
  }
}
