import type { Verdict } from '@bootstrap-gate/deadlock';
import { inWords, type Owner, type ProvableResource, Until } from '@bootstrap-gate/deadlock/adapter';
import type { WaitQueue } from './wait-queue.js';
import type { GateError } from '../kit/errors.js';
import type { Verdicts } from '../observe/verdicts.js';

/** What the gate tells of itself to those who wait for it. */
interface Opening {
  readonly queue: WaitQueue;
  /** Whose end opens it. */
  worker(): Owner | undefined;
  /** Fails what is to open it. */
  fail(error: GateError): void;
}

/** The gate as others wait for it: it opens when its bootstrap has finished. In its queue a caller is found by its wait. */
export function gateResource(name: string, party: Verdicts, { queue, worker, fail }: Opening): ProvableResource {
  const label = `gate "${name}"`;
  const error = (verdict: Verdict): GateError => party.proof(`A wait for ${label}`, verdict);
  return {
    kind: 'gate',
    name,
    label,
    party,
    until: new Until('all'),
    holder: () => {
      const owner = worker();
      return owner && { owner };
    },
    refuse: (wait, verdict) => {
      const caller = queue.find(wait);
      if (caller && queue.take(caller)) wait.reject(error(verdict));
    },
    fail: (verdict) => fail(error(verdict)),
    advice: (owner, held) =>
      held.length > 0
        ? `Do not await ${label} while ${inWords(held)} is held, which its bootstrap needs: take the lock after the wait.`
        : `Do not await ${label} in ${owner}, which has to finish first. Pass it what it needs as a value, or start ` +
          `the work with boot.detach(), which the bootstrap does not wait for.`,
  };
}
