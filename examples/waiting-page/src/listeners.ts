/** The shop behind a gate with a waiting page: with node:http, Express and Koa. */
import type { RequestListener } from 'node:http';
import type { Gate } from 'bootstrap-gate';
import * as forExpress from 'bootstrap-gate/express';
import * as forKoa from 'bootstrap-gate/koa';
import { type AdmissionOptions, bootstrapGate } from 'bootstrap-gate/node';
import express from 'express';
import Koa from 'koa';
import { answer } from './application.js';

export type DoorOptions = Pick<AdmissionOptions, 'waitingPage' | 'expose' | 'exempt'> & { readonly gate: Gate };

export const listeners = {
  node(options: DoorOptions): RequestListener {
    return bootstrapGate((req, res) => {
      const { status, type, body } = answer(req.method ?? '', req.url ?? '');
      res.writeHead(status, { 'Content-Type': type }).end(body);
    }, options);
  },

  express(options: DoorOptions): RequestListener {
    const app = express();
    app.use(forExpress.bootstrapGate(options));
    app.use((req, res) => {
      const { status, type, body } = answer(req.method, req.path);
      res.status(status).type(type).send(body);
    });
    return app;
  },

  koa(options: DoorOptions): RequestListener {
    const app = new Koa();
    app.use(forKoa.bootstrapGate(options));
    app.use((ctx) => {
      const { status, type, body } = answer(ctx.method, ctx.path);
      Object.assign(ctx, { status, type, body });
    });
    const callback = app.callback();
    return (req, res) => void callback(req, res);
  },
} as const;

export type Framework = keyof typeof listeners;
