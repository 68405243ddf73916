/** How well a program's hang was named. */
import type { Hang } from '../cases.js';
import { observe } from './observe.js';

export interface Judged {
  readonly verdict: 'named' | 'partly' | 'silent';
  readonly missing: readonly RegExp[];
  readonly stderr: string;
}

export async function judge(file: string, { says }: Hang, env: Readonly<Record<string, string>>): Promise<Judged> {
  const isComplete = (stderr: string): boolean => says.every((what) => what.test(stderr));
  const { stderr, stdout } = await observe(file, { until: isComplete, env });
  if (stdout.includes('up')) throw new Error(`the program did not hang: ${file}`);
  const missing = says.filter((what) => !what.test(stderr));
  return {
    verdict: missing.length === 0 ? 'named' : missing.length < says.length ? 'partly' : 'silent',
    missing,
    stderr,
  };
}
