/** Ways to keep requests from an application until its bootstrap is complete: what people use today, and the gate. */
import type { RequestListener, Server } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import { backstageLifecycle, isBackstageInstalled } from './backstage.js';
import { frameworks } from './frameworks.js';
import { HEALTH_PATH } from './paths.js';

export interface Place {
  readonly bootstrap: (signal?: AbortSignal) => Promise<void>;
  /** Whether limits of time and number are as they come, or so wide that they do not matter. */
  readonly limits: 'own' | 'wide';
}

export type Middleware = (req: Request, res: Response, next: NextFunction) => unknown;

/** What stands in front of the application: middleware, something that is put on its server, another framework, or nothing. */
export interface Way {
  readonly middleware?: Middleware;
  readonly attach?: (server: Server) => void;
  /** Makes a server of the application with a framework that is not Express. */
  readonly serve?: (application: RequestListener) => Promise<Server>;
  /** Ends it, before the server closes. */
  readonly close?: () => Promise<void>;
  /** Lets the next request pass only when the answer to the last one has ended, and does not open. */
  readonly takesTurns?: true;
}

/** So that a herd of a hundred thousand may wait for ten minutes, and be served by handlers that never answer. */
const wide = { waitTimeoutMs: 600_000, maxWaiting: 1_000_000, releaseConcurrency: Infinity };
const limitsOf = ({ limits }: Place): object => (limits === 'wide' ? wide : {});

const inFrontOfExpress = {
  'no gate': async ({ bootstrap }) => {
    bootstrap().catch(() => {});
    return {};
  },
  'a flag': async ({ bootstrap }) => ({ middleware: flag(bootstrap) }),
  'a shared promise': async ({ bootstrap }) => {
    let started: Promise<void> | undefined;
    const middleware: Middleware = async (_req, _res, next) => {
      await (started ??= bootstrap());
      next();
    };
    return { middleware };
  },
  'p-memoize': async ({ bootstrap }) => {
    const { default: pMemoize } = await import('p-memoize');
    const start = pMemoize(() => bootstrap());
    const middleware: Middleware = async (_req, _res, next) => {
      await start();
      next();
    };
    return { middleware };
  },
  'async-mutex around a flag': async ({ bootstrap }) => {
    const { Mutex } = await import('async-mutex');
    const mutex = new Mutex();
    let ready = false;
    const middleware: Middleware = async (_req, _res, next) => {
      if (!ready) {
        await mutex.runExclusive(async () => {
          if (!ready) await bootstrap();
          ready = true;
        });
      }
      next();
    };
    return { middleware };
  },
  'express-queue before a flag': async ({ bootstrap }) => {
    const { default: queue } = await import('express-queue');
    const inTurn = queue({ activeLimit: 1, queuedLimit: -1 });
    const flagged = flag(bootstrap);
    const middleware: Middleware = (req, res, next) =>
      inTurn(req, res, () => void Promise.resolve(flagged(req, res, next)).catch(next));
    return { middleware, takesTurns: true };
  },
  'Backstage lifecycle': async ({ bootstrap, limits }) => {
    const { middleware, startUp, shutDown } = backstageLifecycle({ seconds: limits === 'wide' ? 600 : 5 });
    bootstrap().then(startUp, () => {});
    return { middleware, close: shutDown };
  },
  bootstrapGate: async (place) => {
    const { bootstrapGate } = await import('bootstrap-gate/express');
    const gated = bootstrapGate({ bootstrap: ({ signal }) => place.bootstrap(signal), ...limitsOf(place) });
    return { middleware: gated as Middleware, close: () => gated.gate.close() };
  },
  gateServer: async (place) => {
    const { gateServer } = await import('bootstrap-gate/node');
    const { createGate } = await import('bootstrap-gate');
    const gate = createGate({ bootstrap: ({ signal }) => place.bootstrap(signal) });
    const attach = (server: Server): void =>
      void gateServer(server, { gate, exempt: [HEALTH_PATH], ...limitsOf(place) });
    return { attach, close: () => gate.close() };
  },
} satisfies Record<string, (place: Place) => Promise<Way>>;

const elsewhere = frameworks(limitsOf);
const all = { ...inFrontOfExpress, ...elsewhere };

export type ContenderName = keyof typeof all;

export const contenders: Readonly<Record<ContenderName, (place: Place) => Promise<Way>>> = all;

/** Those in front of Express that can run here. */
export const contenderNames = (): readonly ContenderName[] =>
  (Object.keys(inFrontOfExpress) as ContenderName[]).filter(
    (name) => name !== 'Backstage lifecycle' || isBackstageInstalled(),
  );

/** The same, and those in front of other frameworks. */
export const allNames = (): readonly ContenderName[] => [
  ...contenderNames(),
  ...(Object.keys(elsewhere) as ContenderName[]),
];

export const gateNames: readonly ContenderName[] = ['bootstrapGate', 'gateServer'];

/** The naive one: whoever comes before the flag is up runs the bootstrap. Once it is up, nothing could cost less. */
function flag(bootstrap: Place['bootstrap']): Middleware {
  const state = { ready: false };
  const start = async (next: NextFunction): Promise<void> => {
    await bootstrap();
    state.ready = true;
    next();
  };
  return (_req, _res, next) => (state.ready === true ? next() : start(next));
}
