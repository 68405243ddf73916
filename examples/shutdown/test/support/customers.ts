/** Customers who order over connections that they keep, and note what became of each order. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Outcome {
  readonly order: string;
  /** Absent where no complete answer came. */
  readonly status?: number;
  readonly headers?: IncomingHttpHeaders;
  readonly body?: string;
  readonly error?: string;
}

export class Customers {
  readonly outcomes: Outcome[] = [];
  readonly #agent: Agent;
  readonly #port: number;
  #next = 1;
  #isGone = false;

  constructor(port: number, connections: number) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  order(): Promise<Outcome> {
    return this.#send('POST', `/orders/${this.#next++}`);
  }

  get(path: string): Promise<Outcome> {
    return this.#send('GET', path, new Agent());
  }

  /** One order after another, until there is nobody to take it. */
  async orderOnAndOn(): Promise<void> {
    while (!this.#isGone) {
      const outcome = await this.order();
      this.#isGone ||= outcome.error === 'ECONNREFUSED';
    }
  }

  leave(): void {
    this.#isGone = true;
    this.#agent.destroy();
  }

  async #send(method: string, path: string, agent = this.#agent): Promise<Outcome> {
    const outcome = await exchange({ host: '127.0.0.1', port: this.#port, method, path, agent });
    if (method === 'POST') this.outcomes.push(outcome);
    return outcome;
  }
}

function exchange(options: {
  host: string;
  port: number;
  method: string;
  path: string;
  agent: Agent;
}): Promise<Outcome> {
  const order = options.path.replace('/orders/', '');
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => resolve({ order, error: error.code ?? error.message });
    const req = request(options, (res) => {
      let body = '';
      res.on('data', (chunk) => (body += chunk));
      res.on('error', failed); // cut in the middle
      res.on('end', () => resolve({ order, status: res.statusCode ?? 0, headers: res.headers, body }));
    });
    req.on('error', failed);
    req.end();
  });
}
