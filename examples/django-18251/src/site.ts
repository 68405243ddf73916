/** The site of the ticket: its first requests load it, and come in from two sides. */
import type { MutexInterface } from 'async-mutex';
import express, { type Express } from 'express';

export interface Locks {
  /** Python's import lock: one module is imported at a time. */
  readonly imports: MutexInterface;
  /** Django's lock around the loading of applications and their models. */
  readonly apps: MutexInterface;
}

export interface SiteOptions {
  readonly locks: Locks;
  /** Both sides wait here when they have their first lock: this is the moment at which it goes wrong, or not. */
  readonly meet: () => Promise<void>;
}

/** Adds the site to an application, behind whatever is there already. */
export function addSite(app: Express, { locks: { imports, apps }, meet }: SiteOptions): void {
  let isLoaded = false;

  /** A page needs its views. Importing them takes the import lock, and a view asks for the models. */
  async function importViews(): Promise<void> {
    await imports.runExclusive(async () => {
      await meet();
      await apps.runExclusive(() => (isLoaded = true));
    });
  }

  /** The admin needs all models. Loading them takes the applications' lock, and imports each module. */
  async function loadModels(): Promise<void> {
    await apps.runExclusive(async () => {
      await meet();
      await imports.runExclusive(() => (isLoaded = true));
    });
  }

  app.get('/page', async (_req, res) => {
    if (!isLoaded) await importViews();
    res.send('page');
  });
  app.get('/admin', async (_req, res) => {
    if (!isLoaded) await loadModels();
    res.send('admin');
  });
}

export const newApp = (): Express => express();
