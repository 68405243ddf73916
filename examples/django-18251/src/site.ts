/** The site of the ticket: it loads itself while it answers its first requests, which come in from two sides. */
import type { MutexInterface } from 'async-mutex';
import express, { type NextFunction, type Request, type RequestHandler, type Response, type Router } from 'express';

export interface Locks {
  /** Python's import lock: one request imports at a time. */
  readonly imports: MutexInterface;
  /** Django's lock around the loading of the applications and their models. */
  readonly apps: MutexInterface;
}

export interface SiteOptions {
  readonly locks: Locks;
  /** A request that loads something waits here when it has its first lock: the moment at which it goes wrong, or not. */
  readonly meet?: () => Promise<void>;
  /** A request failed, and is answered with 500. */
  readonly onError?: (path: string, error: Error) => void;
}

export function createSite({ locks: { imports, apps }, meet = async () => {}, onError }: SiteOptions): Router {
  let hasViews = false;
  let hasModels = false;

  /** A page needs its views. Importing them takes the import lock, and one of them asks for the models. */
  async function importViews(): Promise<void> {
    await imports.runExclusive(async () => {
      if (hasViews) return;
      await meet();
      await apps.runExclusive(() => (hasModels = true));
      hasViews = true;
    });
  }

  /** The admin needs all models. Loading them takes the application lock, and each of them has to be imported. */
  async function loadModels(): Promise<void> {
    await apps.runExclusive(async () => {
      if (hasModels) return;
      await meet();
      await imports.runExclusive(() => (hasModels = true));
    });
  }

  return express
    .Router()
    .get('/page', answerAfter(importViews))
    .get('/admin', answerAfter(loadModels))
    .use((error: Error, req: Request, res: Response, _next: NextFunction) => {
      onError?.(req.path, error);
      res.sendStatus(500);
    });
}

function answerAfter(load: () => Promise<void>): RequestHandler {
  return async (_req, res) => {
    await load();
    res.sendStatus(200);
  };
}
