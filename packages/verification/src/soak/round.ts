/** One round: opens the sites, lets the storm loose, and looks at what is left. */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { runClient } from './clients/all.js';
import { Ledger } from './ledger/ledger.js';
import { watchLeftovers } from './leftovers.js';
import type { Command, RoundPlan } from './plan/types.js';
import { mounts } from './servers/all.js';
import type { Mount } from './servers/mount.js';
import { leftOnServer } from './servers/left-on-server.js';
import { Site } from './site.js';
import { comesTrue, ends, LIMIT_MS } from './wait.js';

export interface RoundResult {
  readonly ledger: Ledger;
  /** Warnings of gates, by code. */
  readonly warnings: ReadonlyMap<string, number>;
}

/**
 * @param mount puts another gate than the real one in front of the application
 * @param limitMs after this what has not happened never will
 */
export async function runRound(
  plan: RoundPlan,
  mount: Mount = mounts[plan.adapter],
  limitMs = LIMIT_MS,
): Promise<RoundResult> {
  const ledger = new Ledger();
  const leftovers = watchLeftovers((code, text) => {
    if (code === 'GATE_PILOT_TIMEOUT') ledger.requests.pilots.overdue(text);
  });
  await new Round(plan, mount, ledger, limitMs).run();
  for (const text of await leftovers.end(limitMs)) ledger.complain(text);
  return { ledger, warnings: leftovers.warnings };
}

class Round {
  readonly ledger: Ledger;
  readonly #plan: RoundPlan;
  readonly #mount: Mount;
  readonly #limitMs: number;
  readonly #sites: Site[] = [];

  constructor(plan: RoundPlan, mount: Mount, ledger: Ledger, limitMs: number) {
    this.#limitMs = limitMs;
    this.ledger = ledger;
    this.#plan = plan;
    this.#mount = mount;
  }

  async run(): Promise<void> {
    await this.#open();
    const { clients, commands } = this.#plan;
    const callers = this.#send(clients.filter(({ kind }) => kind === 'caller'));
    const requests = this.#send(clients.filter(({ kind }) => kind !== 'caller'));
    const given = Promise.all(commands.map(({ atMs, does }) => sleep(atMs).then(() => this.#do(does))));
    await this.#expect('all clients and commands end', Promise.all([requests, given]));
    await this.#lookAtGates();
    for (const site of this.#sites) {
      site.close();
      site.closeServer();
    }
    await this.#expect('all callers are told that the gates are closed', callers);
    await this.#expect('all gates and servers close', Promise.all(this.#sites.map((site) => site.ended())));
    await this.#lookAtWork();
    this.ledger.close();
  }

  get #site(): Site {
    return this.#sites.at(-1) as Site;
  }

  async #open(): Promise<void> {
    const { adapter, sites } = this.#plan;
    const plan = sites[this.#sites.length];
    if (plan) this.#sites.push(await Site.open(`gate ${this.#sites.length}`, adapter, plan, this.#mount, this.ledger));
  }

  async #send(clients: RoundPlan['clients']): Promise<void> {
    const send = async (client: (typeof clients)[number]): Promise<void> => {
      await sleep(client.atMs);
      await runClient(client, this.#site, this.ledger);
    };
    await Promise.all(clients.map(send));
  }

  async #do(command: Command['does']): Promise<void> {
    const site = this.#site;
    if (command === 'renew') await this.#open();
    if (command === 'reset') site.reset();
    else if (command === 'drain') site.drain();
    else site.close();
    if (command === 'renew' || command === 'shutdown') site.closeServer();
  }

  /** Nobody waits at a gate any more but those who may wait as long as it likes. */
  async #lookAtGates(): Promise<void> {
    const { ledger } = this;
    const count = (of: (site: Site) => number): number => this.#sites.reduce((sum, site) => sum + of(site), 0);
    const held = (): number => count(({ gate }) => gate.report().held);
    const waiting = (): number => count(({ gate }) => gate.waiting);
    if (!(await comesTrue(() => held() === 0, this.#limitMs))) ledger.complain(`${held()} places are still taken`);
    if (!(await comesTrue(() => waiting() <= ledger.callers, this.#limitMs)))
      ledger.complain(`${waiting()} are still waiting`);
    for (const site of this.#sites) for (const text of leftOnServer(site)) ledger.complain(text);
  }

  async #lookAtWork(): Promise<void> {
    const { flights } = this.ledger;
    const isOver = (): boolean =>
      flights.pending === 0 && this.#sites.every(({ application }) => application.running === 0);
    await comesTrue(isOver, this.#limitMs);
    const sockets = (): Socket[] => this.#sites.flatMap(({ sockets }) => [...sockets]);
    if (!(await comesTrue(() => sockets().length === 0, this.#limitMs))) {
      this.ledger.complain(`${sockets().length} connections are left`);
      for (const socket of sockets()) socket.destroy();
    }
    for (const { gate } of this.#sites)
      if (gate.waiting > 0) this.ledger.complain(`${gate.waiting} wait at a closed gate`);
  }

  async #expect(what: string, work: Promise<unknown>): Promise<void> {
    const failed = (error: unknown): boolean => {
      this.ledger.complain(`the round itself failed: ${error instanceof Error ? error.stack : String(error)}`);
      return true;
    };
    if (!(await ends(work, this.#limitMs).catch(failed))) this.ledger.complain(`it did not happen: ${what}`);
  }
}
