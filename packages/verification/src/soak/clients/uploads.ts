/** Bodies that come slowly, in part, or only when they are asked for. */
import { type Client, inParts, lasted } from './client.js';
import { Wire } from './wire.js';

const nothing = Buffer.alloc(0);

export const slowUpload: Client<'slow-upload'> = async (plan, site, { requests, complain }) => {
  const entry = requests.open(plan.kind, plan.ask, site.facts);
  const wire = new Wire(site.port, complain);
  wire.send(entry, nothing);
  entry.sentWhole = false;
  const parts = inParts(entry.body, plan.parts);
  for (const [i, part] of parts.entries()) {
    if (i > 0 && !(await lasted(plan.pauseMs, entry.ended))) break; // it was answered: nobody wants the rest
    wire.write(part);
    entry.sentWhole = i === parts.length - 1;
  }
  await entry.ended;
  wire.end();
  await wire.closed;
};

export const bodyLeaver: Client<'body-leaver'> = async (plan, site, { requests, complain }) => {
  const entry = requests.open(plan.kind, plan.ask, site.facts);
  const wire = new Wire(site.port, complain);
  entry.sentWhole = false;
  wire.send(entry, entry.body.subarray(0, plan.sentBytes));
  if (await lasted(plan.leavesAfterMs, entry.ended)) wire.leave();
  wire.end();
  await wire.closed;
};

/** Sends its body when it hears that it may, and not at all when it hears something else. */
export const expecter: Client<'expecter'> = async ({ ask, kind }, site, { requests, complain }) => {
  const entry = requests.open(kind, ask, site.facts);
  const wire = new Wire(site.port, complain);
  entry.sentWhole = false;
  wire.onContinue(() => {
    entry.sentWhole = true;
    wire.write(entry.body);
  });
  wire.send(entry, nothing, { Expect: '100-continue' });
  await entry.ended;
  wire.end();
  await wire.closed;
};
