/** A server in a process of its own, as its clients and its operator see it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { BootstrapKind } from './bootstrap.js';
import type { ContenderName } from './contenders.js';
import { HelperProcess } from './helper-process.js';
import type { ServerMessage, ServerStatistics } from './processes/server.js';

export interface ServerOptions {
  readonly contender: ContenderName;
  readonly bootstrap: BootstrapKind;
  readonly limits: 'own' | 'wide';
}

const LOOK_EVERY_MS = 5;

export class ServerProcess extends HelperProcess<ServerMessage> {
  /** Resolves when it listens. */
  readonly port: Promise<number>;

  constructor(options: ServerOptions) {
    super('server', [JSON.stringify(options)]);
    this.port = this.hear(({ port }) => port);
  }

  /** Completes the bootstrap. */
  complete(): void {
    this.tell('complete');
  }

  statistics(): Promise<ServerStatistics> {
    return this.ask('statistics', ({ statistics }) => statistics);
  }

  async until(isSo: (statistics: ServerStatistics) => boolean): Promise<void> {
    while (!isSo(await this.statistics())) await pause(LOOK_EVERY_MS);
  }
}
