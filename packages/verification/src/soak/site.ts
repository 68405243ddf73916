/** One gate with its server, and what the plan does to it. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Http2Server } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { type BootstrapOptions, createGate, type Gate, type GateOptions } from 'bootstrap-gate';
import { TestApplication } from './application.js';
import { Arrivals } from './arrivals.js';
import { bootstrapOf } from './bootstraps.js';
import type { Ledger } from './ledger/ledger.js';
import { SiteFacts } from './ledger/site-facts.js';
import type { AdapterName, SitePlan } from './plan/types.js';
import type { Mount } from './servers/mount.js';

export class Site {
  readonly facts: SiteFacts;
  readonly gate: Gate<unknown>;
  readonly server: Server | Http2Server;
  readonly application: TestApplication;
  /** Connections that are open. */
  readonly sockets = new Set<Socket>();
  port = 0;
  readonly #arrivals: Arrivals;
  #takesUpgrades = false;
  #closed: Promise<unknown> | undefined;
  #resets: Promise<void>[] = [];

  static async open(name: string, adapter: AdapterName, plan: SitePlan, mount: Mount, ledger: Ledger): Promise<Site> {
    const site = new Site(name, adapter, plan, mount, ledger);
    site.server.listen(0, '127.0.0.1');
    await once(site.server, 'listening');
    site.port = (site.server.address() as AddressInfo).port;
    return site;
  }

  private constructor(name: string, adapter: AdapterName, plan: SitePlan, mount: Mount, ledger: Ledger) {
    this.gate = createGate({ ...this.#gateOptions(adapter, plan, ledger), name } as BootstrapOptions<unknown>); // of either mode
    this.facts = new SiteFacts(adapter, plan, this.gate);
    ledger.requests.pilots.watch(this.facts);
    this.gate.onChange((state, previous) => {
      if (previous === 'closed') ledger.complain(`A12: a closed gate became ${state}`);
    });
    const application = (this.application = new TestApplication(ledger, this.facts, () => this.#arrivals));
    this.#takesUpgrades ||= adapter === 'server' && plan.upgrades === 'taken';
    this.server = mount({
      gate: this.gate,
      door: plan.door,
      application: application.answering(),
      handler: plan.handler ? (value) => application.answering(value) : undefined,
      upgrade: this.#takesUpgrades ? application.upgrade : undefined,
    });
    if (plan.relapsesAfterTurns !== undefined) this.#relapse(plan.relapsesAfterTurns);
    this.#arrivals = new Arrivals(this.server, this.gate);
    // The clients are sometimes slow to come back, and a server that gives them up in between is not what is soaked here.
    if ('keepAliveTimeout' in this.server) this.server.keepAliveTimeout = 60_000;
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  get takesUpgrades(): boolean {
    return this.#takesUpgrades;
  }

  reset(): void {
    this.facts.wasReset = true;
    this.facts.term++;
    this.#resets.push(this.gate.reset());
  }

  drain(): void {
    this.gate.drain();
  }

  close(): void {
    this.facts.isClosed = true;
    this.facts.term++;
    this.#resets.push(this.gate.close());
  }

  /** Stops listening; connections that have nothing to do end. */
  closeServer(): void {
    this.facts.serverIsClosed = true;
    this.#closed ??= new Promise((resolve) => this.server.close(resolve));
  }

  /** When all that was reset and closed has ended. */
  async ended(): Promise<void> {
    await Promise.all([...this.#resets, this.#closed]);
    this.#arrivals.end();
  }

  #relapse(turns: number): void {
    const relapse = async (): Promise<void> => {
      for (let i = 0; i < turns; i++) await turn();
      if (!this.facts.isClosed) this.reset();
    };
    const end = this.gate.onChange((state) => {
      if (state !== 'ready') return;
      end();
      void relapse();
    });
  }

  #gateOptions(adapter: AdapterName, { gate, flights, upgrades }: SitePlan, ledger: Ledger): GateOptions<unknown> {
    if (flights.length === 0) return { ...gate, bootstrap: undefined };
    const begun = (): void => {
      if (upgrades === 'late' && adapter === 'server') this.#takeUpgrades();
    };
    return { ...gate, bootstrap: bootstrapOf({ ledger, flights, gate: () => this.gate, begun }) };
  }

  /** An eager bootstrap is called before there is a server. */
  #takeUpgrades(): void {
    const server = this.server as Server | undefined;
    if (!this.#takesUpgrades) server?.on('upgrade', this.application.upgrade);
    this.#takesUpgrades = true;
  }
}
