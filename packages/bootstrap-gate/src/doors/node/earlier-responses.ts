import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Calls back when the responses to what was pipelined in front of an upgrade are out: one at a time has the connection,
 * and Node says which in a property that it does not document. Never, where the connection ends before.
 */
export function afterEarlierResponses(socket: Duplex, call: () => void): void {
  if (socket.destroyed) return;
  const response = Reflect.get(socket, '_httpMessage') as ServerResponse | null | undefined;
  if (response) response.once('close', () => afterEarlierResponses(socket, call));
  else call();
}
