import { inWords, type Owner, type Resource } from '@bootstrap-gate/deadlock/adapter';
import type { Verdicts } from '../observe/verdicts.js';

/** The gate as others wait for it: it opens when its bootstrap has finished. */
export function gateResource(name: string, party: Verdicts, worker: () => Owner | undefined): Resource {
  const label = `gate "${name}"`;
  return {
    kind: 'gate',
    name,
    label,
    party,
    holder: () => {
      const owner = worker();
      return owner && { owner };
    },
    advice: (owner, held) =>
      held.length > 0
        ? `Do not await ${label} while ${inWords(held)} is held, which its bootstrap needs: take the lock after the wait.`
        : `Do not await ${label} in ${owner}, which has to finish first. Pass it what it needs as a value, or start ` +
          `the work with boot.detach(), which the bootstrap does not wait for.`,
  };
}
