import { messageOf } from '../kit/errors.js';
import { warn } from '@bootstrap-gate/deadlock/adapter';

/**
 * Makes a function that calls others' code, such as a tracer's, and turns what it throws into a warning. Only the first
 * failure is one: there may be one for each request.
 *
 * @param who what the user called, for the warning
 */
export function isolation(who: string): (call: () => void) => void {
  let warned = false;
  return (call) => {
    try {
      call();
    } catch (error) {
      if (warned) return;
      warned = true;
      warn('GATE_CALLBACK_FAILED', `${who} failed: ${messageOf(error)} (told once; the gates go on)`, error);
    }
  };
}
