/** Rule N5, and N4 where they meet, written down a second time; it must not share a line with the package. */
import { exempt, health } from './paths.js';

export type Fate = 'health' | 'passed' | 'denied';

/** What becomes of a request that Node accepts, at a gate that is not open. `target` as it was sent, a byte a character. */
export function fateOf(method: string, target: string): Fate {
  const [path] = target.split('?', 1);
  if (/^(GET|HEAD)$/.test(method) && Object.values(health).some((own) => own === path)) return 'health';
  return exempt.some((own) => own === path) ? 'passed' : 'denied';
}
