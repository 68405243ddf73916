/** Many requests at once on one connection, before any of them is answered. */
import { type Client, lasted } from './client.js';
import { Wire } from './wire.js';

export const pipeline: Client<'pipeline'> = async ({ asks, leavesAfterMs, kind }, site, { requests, complain }) => {
  const wire = new Wire(site.port, complain);
  const entries = asks.map((ask) => requests.open(kind, ask, site.facts));
  const oneBreaks = asks.some(({ application }) => application.does === 'breaks');
  for (const entry of entries) {
    entry.mayBeCut = oneBreaks;
    wire.send(entry, entry.body);
  }
  const all = Promise.all(entries.map(({ ended }) => ended));
  if (await lasted(leavesAfterMs, all)) wire.leave();
  await all;
  wire.end();
  await wire.closed;
};
