import { cpus, totalmem } from 'node:os';

/** What the figures depend on. */
export function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${first?.model.trim()}, ${cpus().length} cores, ${memory} GB, ${process.platform} ${process.arch}, Node ${process.version}`;
}
