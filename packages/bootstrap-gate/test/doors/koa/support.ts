import Koa2 from 'koa2';
import Koa2Oldest from 'koa2-oldest';
import Koa3 from 'koa3';
import Koa3Oldest from 'koa3-oldest';
import { type Listening, listeningWith } from '../support.js';

export { controlled, held } from '../support.js';

/** The newest and the oldest that is supported of each major version; the types are those of 3. */
export const versions = [
  { name: 'Koa 2', Koa: Koa2 as unknown as typeof Koa3 },
  { name: 'Koa 3', Koa: Koa3 },
  { name: 'Koa 2.3.0, the oldest', Koa: Koa2Oldest as unknown as typeof Koa3 },
  { name: 'Koa 3.0.0', Koa: Koa3Oldest as unknown as typeof Koa3 },
];

/** Listens with an application; the test closes it. */
export function listening(app: Koa3): Promise<Listening> {
  const callback = app.callback();
  return listeningWith((req, res) => void callback(req, res));
}
