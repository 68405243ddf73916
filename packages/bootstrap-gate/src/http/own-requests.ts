/**
 * The requests that this process makes to itself on behalf of a bootstrap or a pilot. A note is kept for each connection
 * that they use, and the server sees the same two addresses and ports; nothing is added to any request.
 */
import {
  currentScope,
  cycleThrough,
  describe,
  newWait,
  ownersOf,
  type Scope,
  tell,
  warn,
} from '@bootstrap-gate/deadlock/adapter';
import type { RequestFacts } from './facts.js';
import type { GateCore } from '../gate/gate-core.js';
import { GateError } from '../kit/errors.js';

export interface Note {
  readonly scope: Scope;
  /** Set where only the connection is known, and not what is sent on it: then it is for the first request alone. */
  readonly first?: { request?: unknown };
}

/** By connection. Whoever sees requests being sent keeps them, see doors/node/loopback.ts. */
export const notes = new Map<string, Note>();

/** On whose behalf this process sent the request that has arrived, as far as it is known. */
export function senderOf({ peer, raw }: RequestFacts): Scope | undefined {
  if (!peer) return currentScope(); // made in process: it runs in the context of its sender
  if (notes.size === 0) return undefined;
  const { remoteAddress, remotePort, localAddress, localPort } = peer;
  const { scope, first } = notes.get(connectionOf(remoteAddress, remotePort, localAddress, localPort) ?? '') ?? {};
  if (!first) return scope;
  first.request ??= raw; // a request may come by several doors
  return first.request === raw ? scope : undefined;
}

/**
 * What both ends of one connection call it. All four parts: a system gives one local port to connections to different
 * servers. Undefined where nothing tells connections apart, as over a Unix socket or once it is destroyed: there any
 * request would be taken for the bootstrap's.
 */
export function connectionOf(
  clientAddress: string | undefined,
  clientPort: number | undefined,
  serverAddress: string | undefined,
  serverPort: number | undefined,
): string | undefined {
  if (!clientAddress || !serverAddress) return undefined;
  return `${plainAddress(clientAddress)} ${clientPort} ${plainAddress(serverAddress)} ${serverPort}`;
}

/** IPv4 may come in IPv6 clothes on one of the ends. */
const plainAddress = (address: string): string => address.replace(/^::ffff:/, '');

/** Why a request must not wait: the gate cannot open before its sender has the answer. It is reported by then. */
export function loopbackError(core: GateCore, sender: Scope | undefined, facts: RequestFacts): GateError | undefined {
  const owners = ownersOf(sender);
  if (owners.length === 0) return undefined;
  const at = `${facts.method} ${facts.target}`;
  const cycle = cycleThrough(owners, newWait(core.resource, core.clock.now(), at));
  if (!cycle) return undefined;
  const { verdict } = cycle;
  const text = `${owners.at(-1)?.label} sent a request (${at}) to the server that waits for it:\n${describe(verdict)}`;
  tell(cycle);
  warn('GATE_LOOPBACK', text);
  return new GateError('ERR_GATE_LOOPBACK', text, { verdict });
}
