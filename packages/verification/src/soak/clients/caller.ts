/** Callers in the process: `ensureReady` and wrapped functions, with signals and time limits. */
import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isGateError } from 'bootstrap-gate';
import { Value } from '../ledger/flight-book.js';
import type { Ledger } from '../ledger/ledger.js';
import type { PlanOf } from '../plan/types.js';
import type { Site } from '../site.js';
import { type Client, lasted } from './client.js';

export const caller: Client<'caller'> = async (plan, site, ledger) => {
  ledger.callers++;
  try {
    if (plan.calls === 'ensureReady') await callEnsureReady(plan, site, ledger);
    else await callWrapped(plan, site, ledger);
  } finally {
    ledger.callers--;
  }
};

async function callEnsureReady(plan: PlanOf<'caller'>, { gate }: Site, { complain }: Ledger): Promise<void> {
  const { timeoutMs, abortsAfterMs } = plan;
  const cancel = new AbortController();
  const { signal } = cancel;
  const call = gate.ensureReady({ signal, ...(timeoutMs !== undefined && { timeoutMs }) }).then(
    (value: unknown) => {
      if (value !== undefined && !(value instanceof Value)) complain('a caller got something else than the value');
    },
    (error: unknown) => {
      if (!isGateError(error) && error !== signal.reason) complain(`a caller got ${String(error)}`);
    },
  );
  if (await lasted(abortsAfterMs, call)) cancel.abort();
  await call;
  const left = getEventListeners(signal, 'abort').length;
  if (left > 0) complain(`${left} listeners are left on the signal of a caller`);
}

async function callWrapped(plan: PlanOf<'caller'>, site: Site, ledger: Ledger): Promise<void> {
  const { timeoutMs, fails, takesMs } = plan;
  let calls = 0;
  const wrapped = site.gate.wrap(
    async () => {
      calls++;
      let isOver = false;
      const isPilot = !site.gate.ready;
      if (isPilot && site.facts.plan.flights.length > 0)
        ledger.complain('a wrapped function was called before its gate opened');
      const end = isPilot && ledger.requests.pilots.begin('a wrapped call', site.facts, () => isOver);
      await sleep(takesMs);
      isOver = true;
      if (end) end(!fails);
      if (fails) throw new Error('a planned failure of a call');
    },
    timeoutMs === undefined ? {} : { timeoutMs },
  );
  const error: unknown = await wrapped().then(
    () => undefined,
    (error: unknown) => error,
  );
  const wasDenied = isGateError(error);
  if (calls !== (wasDenied ? 0 : 1)) ledger.complain(`a wrapped function was called ${calls} times`);
}
