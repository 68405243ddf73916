/** Requests as node:http makes them, without a network: each comes through a connection of its own that leads nowhere. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { NextFunction, Request, Response } from 'express';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type Koa from 'koa';

/** What a door gets, in every shape, so that the same objects exist whatever holds them. */
export interface Arrival {
  readonly req: Request;
  readonly res: Response;
  readonly ctx: Koa.Context;
  readonly next: NextFunction;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const request = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
const TURN_EVERY = 1_000;

/** @param serve is what `next()` calls */
export async function arrivals(
  count: number,
  serve: (res: ServerResponse) => void,
): Promise<{ readonly server: Server; readonly arrived: readonly Arrival[] }> {
  const { default: Koa } = await import('koa');
  const koa = new Koa();
  const arrived: Arrival[] = [];
  const arrive = (req: IncomingMessage, res: ServerResponse): void => {
    const ctx = koa.createContext(req, res);
    const express = Object.assign(req, { originalUrl: req.url }) as Request;
    const request = { raw: req, originalUrl: req.url } as FastifyRequest;
    const reply = { raw: res } as FastifyReply;
    arrived.push({ req: express, res: res as Response, ctx, next: () => serve(res), request, reply });
  };
  const server = createServer(arrive);
  server.timeout = server.requestTimeout = server.headersTimeout = 0;
  for (let i = 1; i <= count; i++) {
    connect(server);
    if (i % TURN_EVERY === 0) await turn();
  }
  await turn();
  server.off('request', arrive);
  if (arrived.length !== count) throw new Error(`${arrived.length} of ${count} requests arrived`);
  return { server, arrived };
}

function connect(server: Server): void {
  const socket = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
  server.emit('connection', socket);
  socket.push(request);
}
