/**
 * The requests that this process makes to itself on behalf of a bootstrap or a pilot. A note is kept for each connection
 * that they use, and the server sees the same two addresses and ports; nothing is added to any request.
 */
import type { Verdict } from '@bootstrap-gate/deadlock';
import {
  currentScope,
  describe,
  type Owner,
  ownersOf,
  type ProvableResource,
  ProvableWait,
  type Scope,
  warn,
} from '@bootstrap-gate/deadlock/adapter';
import type { RequestFacts } from './facts.js';
import type { DoorRequest } from '../gate/door.js';
import type { GateCore } from '../gate/gate-core.js';
import { GateError } from '../kit/errors.js';

/** On whose behalf a request was sent. */
export interface Sender {
  readonly scope: Scope | undefined;
  /** The client's side of it, through which alone its answer comes. */
  readonly client?: object | undefined;
}

export interface Note extends Sender {
  readonly scope: Scope;
  /** Set where only the connection is known, and not what is sent on it: then it is for the first request alone. */
  readonly first?: { request?: unknown };
}

/** By connection. Whoever sees requests being sent keeps them, see doors/node/loopback.ts. */
export const notes = new Map<string, Note>();

const nobody: Sender = { scope: undefined };

/** Who in this process sent the request that has arrived, as far as it is known. */
export function senderOf({ peer, raw }: RequestFacts): Sender {
  if (!peer) return { scope: currentScope() }; // made in process: it runs in the context of its sender
  if (notes.size === 0) return nobody;
  const { remoteAddress, remotePort, localAddress, localPort } = peer;
  const note = notes.get(connectionOf(remoteAddress, remotePort, localAddress, localPort) ?? '');
  if (!note?.first) return note ?? nobody;
  note.first.request ??= raw; // a request may come by several doors
  return note.first.request === raw ? note : nobody;
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

/** A held request that was sent on behalf of a bootstrap. Whether that waits for the answer remains to be seen. */
export interface Loopback {
  readonly owners: readonly Owner[];
  /** The client's side of it, where that is known. */
  readonly client: object | undefined;
  /** Such as GET /own. */
  readonly request: string;
}

export function loopbackOf({ scope, client }: Sender, { method, target }: RequestFacts): Loopback | undefined {
  const owners = ownersOf(scope);
  return owners.length > 0 ? { owners, client, request: `${method} ${target}` } : undefined;
}

/**
 * Denies a held request once it is proven that the gate cannot open before its sender has the answer: nothing but the client's
 * side of it leads on to the bootstrap.
 */
export function judgeLoopback(core: GateCore, held: DoorRequest, { owners, client, request }: Loopback): void {
  if (core.queue.find(held.key) !== held) return;
  const refuse = (_wait: unknown, verdict: Verdict): void => {
    const text = `${owners.at(-1)?.label} sent a request (${request}) to the server that waits for it:\n${describe(verdict)}`;
    const error = new GateError('ERR_GATE_LOOPBACK', text, { verdict });
    warn('GATE_LOOPBACK', text);
    void core.queue.deny([held], () => error);
  };
  // In every mode: to the sender it is a request that was answered, and not a wait that was refused.
  const on: ProvableResource = { ...core.resource, deadlock: 'throw', refuse };
  const subject = client ?? (held.key as object);
  const wait = new ProvableWait<void>(on, { at: () => request, owners, subject });
  held.onLeave = () => wait.resolve();
}
