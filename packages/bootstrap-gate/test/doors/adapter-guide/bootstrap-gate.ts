import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, createDoor, type DoorOptions, nodeTransport } from 'bootstrap-gate/adapter';
import type { Handler, Reply } from './framework.js';

const unsupported = {
  handler: 'is not understood here: the application is the first argument',
  forward: 'cannot be "forward": this framework has no error handling to forward to',
};

const toReply = ({ status, headers, body, isLast }: Answer): Reply => ({
  status,
  headers: isLast ? { ...headers, Connection: 'close' } : headers,
  body,
});

/** A handler that holds requests until its gate is open. */
export function bootstrapGate<T = undefined>(handler: Handler, options?: DoorOptions<T, IncomingMessage>) {
  const transport = nodeTransport<IncomingMessage, ServerResponse>({
    request: (req) => req,
    response: (_req, res) => res,
    proceed: (_application, req, res) => handler(req, res),
    answer: toReply,
  });
  const door = createDoor('bootstrapGate', options, transport, unsupported);
  const { core, gate } = door;

  const receive = (req: IncomingMessage, res: ServerResponse) => door.receive(req, res, undefined) as Promise<Reply>;
  const plain: Handler = (req, res) => (core.ready === true ? handler(req, res) : receive(req, res));

  return Object.assign(door.isPlain ? plain : receive, { gate });
}
