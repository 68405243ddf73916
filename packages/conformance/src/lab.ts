/** Where a check works: it opens sites, and everything that was opened is closed when the check ends. */
import assert, { AssertionError } from 'node:assert/strict';
import { createGate, type FirstRequestOptions, type Gate, type GateOptions } from 'bootstrap-gate';
import { type Routes, TestApplication } from './application.js';
import { TestBootstrap } from './bootstrap.js';
import { type Ask, type Asker, asker, type Exchange, Session } from './client.js';
import { RawConnection } from './raw-client.js';
import type { Adapter, Application, DoorOptions, Incoming, Mounted } from './types.js';
import { turn } from './wait.js';

/** What one site is to be like. */
export interface Plan {
  readonly options?: Omit<DoorOptions, 'gate'>;
  readonly gate?: Omit<GateOptions, 'bootstrap'>;
  readonly bootstrap?: GateOptions['bootstrap'];
  readonly routes?: Routes;
  readonly handler?: (value: unknown) => Application;
  readonly prefix?: string;
  readonly bodyFirst?: boolean;
  /** What middleware in front of the gate waits for. */
  readonly inFront?: (req: Incoming) => Promise<unknown>;
}

interface Warning {
  readonly code: string;
  readonly message: string;
}

export class Lab {
  /** Process warnings of gates so far. */
  readonly warnings: Warning[] = [];
  readonly #adapter: Adapter;
  readonly #sites: Site[] = [];
  #isOver = false;
  #doing = '';

  static async run(adapter: Adapter, deadlineMs: number, body: (lab: Lab) => Promise<void>): Promise<void> {
    const lab = new Lab(adapter);
    const endCatching = lab.#catchWarnings();
    try {
      await lab.#within(deadlineMs, body(lab));
    } catch (error) {
      throw asAssertion(error);
    } finally {
      lab.#isOver = true;
      await Promise.all(lab.#sites.map((site) => site.end()));
      endCatching();
    }
  }

  private constructor(adapter: Adapter) {
    this.#adapter = adapter;
  }

  /** An application whose gate has a bootstrap: by default one that the check ends itself. */
  async open(plan: Plan = {}): Promise<Site> {
    const bootstrap = new TestBootstrap();
    const gate = createGate<unknown>({ ...plan.gate, bootstrap: plan.bootstrap ?? bootstrap.run });
    return await this.#mount(plan, gate, bootstrap);
  }

  /** An application whose gate is in first-request mode. */
  async openForPilots(plan: Plan = {}): Promise<Site> {
    return await this.#mount(plan, createGate(plan.gate as FirstRequestOptions), new TestBootstrap());
  }

  /** Waits, turn by turn, for what nothing announces. */
  async until(what: string, condition: () => boolean): Promise<void> {
    this.#doing = what;
    while (!condition()) {
      if (this.#isOver) throw new Error(`given up: ${what}`);
      await turn();
    }
    this.#doing = '';
  }

  async #mount(plan: Plan, gate: Gate<unknown>, bootstrap: TestBootstrap): Promise<Site> {
    const application = new TestApplication(plan.routes);
    const errors: unknown[] = [];
    const mounted = await this.#adapter.mount({
      options: { ...plan.options, gate },
      before: application.middleware(plan),
      application: application.handle,
      handler: plan.handler,
      prefix: plan.prefix,
      onError: (error) => void errors.push(error),
    });
    const ask = asker(this.#adapter.protocol ?? 'http1', mounted.port);
    const site = new Site({ lab: this, gate, bootstrap, application, errors, mounted, ask });
    this.#sites.push(site);
    return site;
  }

  async #within(deadlineMs: number, work: Promise<void>): Promise<void> {
    work.catch(() => {}); // after the deadline nobody listens
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      const late = (): void => {
        const waited = this.#doing && `; it waited for: ${this.#doing}`;
        reject(new AssertionError({ message: `not finished within ${deadlineMs} ms${waited}` }));
      };
      timer = setTimeout(late, deadlineMs);
    });
    await Promise.race([work, deadline]).finally(() => clearTimeout(timer));
  }

  #catchWarnings(): () => void {
    const { emitWarning } = process;
    const emit = emitWarning as (...args: unknown[]) => void;
    process.emitWarning = ((...args: unknown[]): void => {
      const [warning, options] = args as [Partial<Warning>, Partial<Warning> | undefined];
      const code = warning.code ?? options?.code ?? '';
      if (code.startsWith('GATE_')) this.warnings.push({ code, message: warning.message ?? String(warning) });
      else Reflect.apply(emit, process, args);
    }) as typeof emitWarning;
    return () => (process.emitWarning = emitWarning);
  }
}

interface SiteParts {
  readonly lab: Lab;
  readonly gate: Gate<unknown>;
  readonly bootstrap: TestBootstrap;
  readonly application: TestApplication;
  readonly errors: readonly unknown[];
  readonly mounted: Mounted;
  readonly ask: Asker;
}

/** One mounted application, with its gate and its clients. */
export class Site {
  readonly gate: Gate<unknown>;
  readonly bootstrap: TestBootstrap;
  readonly app: TestApplication;
  readonly port: number;
  /** What reached the framework's error handling. */
  readonly errors: readonly unknown[];
  readonly #parts: SiteParts;
  readonly #exchanges: Exchange[] = [];
  readonly #connections: { leave(): void }[] = [];
  #closing: Promise<void> | undefined;

  constructor(parts: SiteParts) {
    this.gate = parts.gate;
    this.bootstrap = parts.bootstrap;
    this.app = parts.application;
    this.port = parts.mounted.port;
    this.errors = parts.errors;
    this.#parts = parts;
  }

  /** A request on a connection of its own. */
  ask(target: string, ask?: Ask): Exchange {
    const exchange = this.#parts.ask(target, ask);
    this.#exchanges.push(exchange);
    return exchange;
  }

  /** The same for many targets, each of which waits before the next is sent. */
  async askInTurn(targets: readonly string[]): Promise<Exchange[]> {
    const exchanges: Exchange[] = [];
    for (const target of targets) {
      exchanges.push(this.ask(target));
      await this.held(exchanges.length);
    }
    return exchanges;
  }

  raw(): RawConnection {
    return this.#keep(new RawConnection(this.port));
  }

  session(): Session {
    return this.#keep(new Session(this.port));
  }

  /** Waits until exactly so many requests are held. */
  async held(count: number): Promise<void> {
    await this.#parts.lab.until(`${count} held requests`, () => {
      const pending = this.#exchanges.filter((exchange) => !exchange.isAnswered()).length;
      if (this.#connections.length === 0) assert.ok(pending >= count, 'a request was answered that had to be held');
      return this.gate.waiting === count;
    });
  }

  /** Opens the gate, without any request where it can be. */
  async opened(): Promise<this> {
    const ready = this.gate.ensureReady();
    await this.bootstrap.started();
    this.bootstrap.succeed();
    await ready;
    return this;
  }

  /** Stops listening; resolves when the last connection has ended. */
  closeServer(): Promise<void> {
    return (this.#closing ??= this.#parts.mounted.close());
  }

  /** The end of the check: whoever still waits is let go. */
  async end(): Promise<void> {
    this.app.slow.resolve();
    this.app.streamed.resolve();
    for (const client of [...this.#exchanges, ...this.#connections]) client.leave();
    void this.gate.close(); // its end may hang on the bootstrap of a check that has failed
    await this.closeServer();
  }

  #keep<C extends { leave(): void }>(connection: C): C {
    this.#connections.push(connection);
    return connection;
  }
}

function asAssertion(error: unknown): AssertionError {
  if (error instanceof AssertionError) return error;
  const assertion = new AssertionError({ message: error instanceof Error ? error.message : String(error) });
  return Object.assign(assertion, { cause: error });
}
