import type { Duplex } from 'node:stream';
import { ignore, type RawConnections } from './raw-connections.js';
import { heldRequests, type RequestKind } from '../../gate/held-request.js';
import type { RequestFacts } from '../../http/facts.js';
import type { HttpDoor } from '../../http/http-door.js';
import { judgeLoopback, type Loopback } from '../../http/own-requests.js';
import type { GateError } from '../../kit/errors.js';

type Proceed = () => void;

/** Makes upgrades (and CONNECTs) wait. Node has taken its own listeners off their sockets; errors would end the process. */
export function upgradeHolder(
  { door, policy }: Pick<HttpDoor<unknown>, 'door' | 'policy'>,
  connections: RawConnections,
) {
  const kind: RequestKind<RawRequest, Proceed, undefined> = {
    door,
    canPilot: false,
    isIsolated: false,
    connection: () => undefined,
    uncounted: () => 0,
    client: ({ socket }) => socket,
    watch: (socket, onGone) => void (socket as Duplex).on('error', ignore).on('end', onGone).on('close', onGone),
    unwatch: (socket, onGone) => void (socket as Duplex).off('error', ignore).off('end', onGone).off('close', onGone),
    /** A client that ended its side is gone, as in a held request: whoever took the upgrade now would never hear of it. */
    isGone: ({ socket }) => socket.destroyed || socket.readableEnded,
    hasBegun: () => true,
    admit: (_pilot, _request, proceed) => proceed(),
    deny: (error, request) => refuse(error, request),
    drop: ({ socket }) => void socket.destroy(),
  };

  /** Never with the waiting page: no browser shows what it gets instead of an upgrade. */
  function refuse(error: GateError, { facts, socket }: RawRequest): void {
    connections.answer(socket, policy.denial(error, facts, { page: false }));
  }

  const HeldUpgrade = heldRequests(kind);
  return {
    refuse,
    hold: (request: RawRequest, proceed: Proceed, loopback: Loopback | undefined) => {
      const held = new HeldUpgrade(request, proceed, undefined);
      door.enter(held);
      if (loopback) judgeLoopback(door.core, held, loopback);
    },
  };
}

/** A request that came with a socket instead of a response. */
export interface RawRequest {
  readonly facts: RequestFacts;
  readonly socket: Duplex;
}
