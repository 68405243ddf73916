/** How an adapter is put in front of the application. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Http2Server } from 'node:http2';
import type { Duplex, Readable } from 'node:stream';
import type { Gate } from 'bootstrap-gate';
import type { SitePlan } from '../plan/types.js';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
}

/** Without a reply it has broken off the connection. */
export type Application = (req: IncomingMessage, res: ServerResponse) => Promise<Reply | undefined>;

export interface Setup {
  readonly gate: Gate<unknown>;
  readonly door: SitePlan['door'];
  /** Takes the requests where `handler` makes no other. */
  readonly application: Application;
  readonly handler: ((value: unknown) => Application) | undefined;
  /** Takes upgrades, where somebody does from the beginning. */
  readonly upgrade: ((req: IncomingMessage, socket: Duplex, head: Buffer) => void) | undefined;
}

/** Makes the server, which does not listen yet. */
export type Mount = (setup: Setup) => Server | Http2Server;

/** The options of a door, for every adapter. */
export function doorOptions({ gate, door }: Setup) {
  const { waitTimeoutMs, maxWaiting, health, waitingPage } = door;
  return { gate, waitTimeoutMs, maxWaiting, health, waitingPage, exempt: ['/exempt'] };
}
