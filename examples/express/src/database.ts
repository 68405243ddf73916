/** Stands in for your database: connecting takes a second. */
import { setTimeout } from 'node:timers/promises';

export interface Database {
  cities(): Promise<readonly string[]>;
  end(): Promise<void>;
}

export async function connect({ signal }: { readonly signal: AbortSignal }): Promise<Database> {
  await setTimeout(1_000, undefined, { signal });
  return { cities: async () => ['Lima', 'Oslo', 'Paris'], end: async () => {} };
}
