/** Clients that do not wait for their answer, or that end their own side. */
import { type Client, lasted } from './client.js';
import { Wire } from './wire.js';

export const leaver: Client<'leaver'> = async (plan, site, { requests, complain }) => {
  const entry = requests.open(plan.kind, plan.ask, site.facts);
  const wire = new Wire(site.port, complain);
  wire.send(entry, entry.body);
  if (await lasted(plan.leavesAfterMs, entry.ended)) wire.leave(plan.resets);
  await entry.ended;
  wire.end();
  await wire.closed;
};

/** Node's server ends its side as well, so the answer may be lost. */
export const halfCloser: Client<'half-closer'> = async ({ ask, kind }, site, { requests, complain }) => {
  const entry = requests.open(kind, ask, site.facts);
  const wire = new Wire(site.port, complain);
  wire.sendAndEnd(entry);
  await wire.closed;
};
