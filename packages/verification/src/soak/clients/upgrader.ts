/** Upgrades to the protocol of the test application, which answers with the digest of what it got. */
import { digestOf } from '../ledger/entry.js';
import { type Client, lasted } from './client.js';
import { Wire } from './wire.js';

/** So that it comes by itself. */
const PAUSE_MS = 5;

export const upgrader: Client<'upgrader'> = async (plan, site, { requests, complain }) => {
  const { earlyBytes, eagerBytes, leavesAfterMs, kind } = plan;
  const { upgrades } = site.facts.plan;
  // Where nobody takes upgrades it is a request, and what follows it would be the next one.
  const ask = upgrades === 'untaken' ? { ...plan.ask, bodyBytes: 0 } : plan.ask;
  // Where nobody takes them yet, an exempt one would not wait until somebody does.
  const target = upgrades === 'taken' ? ask.target : 'ordinary';
  const entry = requests.open(kind, { ...ask, target }, site.facts);
  const wire = new Wire(site.port, complain);
  const payload = entry.body;
  let sent = earlyBytes;
  let answer = '';
  wire.onUpgraded((data) => {
    wire.write(payload.subarray(sent));
    sent = payload.length;
    wire.onUpgraded((data) => (answer += data.toString()));
    answer += data.toString();
  });
  wire.send(entry, payload.subarray(0, earlyBytes), {
    Connection: 'Upgrade',
    Upgrade: 'soak',
    'x-length': String(payload.length),
  });
  if (eagerBytes > 0 && (await lasted(PAUSE_MS, entry.ended))) {
    wire.write(payload.subarray(sent, sent + eagerBytes));
    sent += eagerBytes;
  }
  const hasLeft = await lasted(leavesAfterMs, entry.ended);
  if (hasLeft) wire.leave();
  await entry.ended;
  const isUpgraded = entry.end?.kind === 'answered' && entry.end.answer.status === 101;
  if (!isUpgraded) wire.end();
  await wire.closed;
  if (isUpgraded && answer !== digestOf(payload)) complain(`${entry.name} heard ${answer} after its upgrade`);
};
