import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { DoorRequest } from '../../gate/door.js';
import type { GateCore } from '../../gate/gate-core.js';

/**
 * Sees to the held requests that were pipelined in front of an upgrade: Node lets go of its socket with the upgrade, and
 * from then on tells none of them that their client has left.
 */
export function watchEarlierRequests({ queue }: GateCore, socket: Duplex): void {
  const earlier = [...queue].filter(({ key }) => (key as Partial<ServerResponse>).req?.socket === socket);
  if (earlier.length === 0) return;
  socket.once('close', () => {
    for (const request of earlier as DoorRequest[]) request.door.gone(request);
  });
}
