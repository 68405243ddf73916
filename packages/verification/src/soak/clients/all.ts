/** Every kind of client. */
import type { Ledger } from '../ledger/ledger.js';
import type { ClientKind, ClientPlan } from '../plan/types.js';
import type { Site } from '../site.js';
import { keepAlive, single } from './agents.js';
import { caller } from './caller.js';
import type { Client } from './client.js';
import { halfCloser, leaver } from './leavers.js';
import { pipeline } from './pipeline.js';
import { prober } from './prober.js';
import { session } from './session.js';
import { upgrader } from './upgrader.js';
import { bodyLeaver, expecter, slowUpload } from './uploads.js';

const clients: { [Kind in ClientKind]: Client<Kind> } = {
  single,
  'keep-alive': keepAlive,
  pipeline,
  'slow-upload': slowUpload,
  leaver,
  'body-leaver': bodyLeaver,
  'half-closer': halfCloser,
  expecter,
  upgrader,
  session,
  prober,
  caller,
};

/** Resolves when all that the client does is over. */
export function runClient(plan: ClientPlan, site: Site, ledger: Ledger): Promise<void> {
  const client = clients[plan.kind] as (plan: ClientPlan, site: Site, ledger: Ledger) => Promise<void>;
  return client(plan, site, ledger);
}
