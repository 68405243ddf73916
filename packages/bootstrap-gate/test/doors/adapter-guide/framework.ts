/** A small framework, as the guide has one: a handler takes a request and returns its reply, which the framework writes. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
}

export type Handler = (req: IncomingMessage, res: ServerResponse) => Reply | Promise<Reply>;

export function serve(handler: Handler, onError: (error: unknown) => void): Server {
  return createServer((req, res) => {
    const write = (reply: Reply | undefined): void => {
      if (!reply) return; // its client has left
      res.writeHead(reply.status, reply.headers);
      if (reply.body instanceof Readable) reply.body.pipe(res);
      else res.end(reply.body);
    };
    const fail = (error: unknown): void => {
      onError(error);
      write({ status: 500, headers: {}, body: 'broken' });
    };
    new Promise<Reply>((resolve) => resolve(handler(req, res))).then(write, fail);
  });
}
