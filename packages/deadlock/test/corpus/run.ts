/** Prints for each hang of the corpus whether it is named, partly named, or silent: `node scripts/run-typescript.mjs` runs it. */
import { join } from 'node:path';
import { hangs } from './cases.js';
import { folder } from './support/folder.js';
import { judge } from './support/judge.js';
import { findProgram, startPostgres, startRedis } from './support/services.js';

async function main(only: string | undefined): Promise<void> {
  const postgres = findProgram('postgres') ? await startPostgres() : undefined;
  const redis = findProgram('redis-server') ? await startRedis() : undefined;
  const env = { PGPORT: String(postgres?.port), REDIS_PORT: String(redis?.port) };
  const counts: Record<string, number> = {};
  try {
    for (const hang of hangs) {
      if (only && !hang.file.includes(only)) continue;
      const { verdict, missing, stderr } = await judge(join(folder, 'hangs', hang.file), hang, env);
      counts[verdict] = (counts[verdict] ?? 0) + 1;
      console.log(`${verdict.padEnd(7)} ${hang.file}${missing.length > 0 ? `  misses ${missing.join(' ')}` : ''}`);
      if (only) console.log(stderr);
    }
    console.log(counts);
  } finally {
    await postgres?.stop();
    await redis?.stop();
  }
}

void main(process.argv[2]);
