import type { Duplex } from 'node:stream';
import { HttpGuest } from '../../http/http-guest.js';
import type { HttpDoor } from '../../http/http-door.js';

/**
 * Sees to the held requests that were pipelined in front of an upgrade: Node lets go of its socket with the upgrade, and
 * from then on tells none of them that their client has left.
 */
export function watchEarlierRequests({ gate }: HttpDoor, socket: Duplex): void {
  const earlier = [...gate.queue].filter((guest) => guest instanceof HttpGuest && guest.req.socket === socket);
  if (earlier.length === 0) return;
  socket.once('close', () => {
    for (const guest of earlier as HttpGuest[]) guest.door.gone(guest);
  });
}
