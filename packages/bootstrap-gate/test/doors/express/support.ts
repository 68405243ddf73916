import type { RequestListener } from 'node:http';
import type { Express } from 'express';
import express4 from 'express4';
import express4Oldest from 'express4-oldest';
import express5 from 'express5';
import express5Oldest from 'express5-oldest';
import { type Listening, listeningWith } from '../support.js';

export { controlled, held } from '../support.js';

/** The newest and the oldest that is supported of each major version; the types are those of 5. */
export const versions = [
  { name: 'Express 4', express: express4 as unknown as typeof express5 },
  { name: 'Express 5', express: express5 },
  { name: 'Express 4.14.0, the oldest', express: express4Oldest as unknown as typeof express5 },
  { name: 'Express 5.0.0', express: express5Oldest as typeof express5 },
];

/** Listens with an application; the test closes it. */
export const listening = (app: Express): Promise<Listening> => listeningWith(app as RequestListener);
