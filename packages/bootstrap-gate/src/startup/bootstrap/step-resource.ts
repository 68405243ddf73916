import type { ProvableResource, Until } from '@bootstrap-gate/deadlock/adapter';
import type { GateError } from '../../kit/errors.js';
import type { StepRecord } from '../../observe/record.js';
import type { Verdicts } from '../../observe/verdicts.js';

interface StepAsResource {
  readonly record: StepRecord;
  readonly label: string;
  readonly party: Verdicts;
  readonly until: Until;
  /** Fails the step itself. */
  fail(error: GateError): void;
}

/** A step as others wait for it: it is there when its function has finished. */
export function stepResource({ record, label, party, until, fail }: StepAsResource): ProvableResource {
  return {
    kind: 'step',
    name: record.name,
    label,
    party,
    until,
    holder: () => ({ owner: record.owner }),
    refuse: (wait, verdict) => wait.reject(party.proof(`A wait for ${label}`, verdict)),
    fail: (verdict) => fail(party.proof(`The ${label}`, verdict)),
  };
}
