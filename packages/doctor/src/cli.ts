#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { main } from './main.js';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The guardian cleans up when this process ends, and nothing here must come in between.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.once(signal, () => process.exit(code));
}
process.exitCode = await main(process.argv.slice(2), {
  preloads: { register: file('./register.cjs'), awaits: file('./awaits.cjs') },
  guard: file('./guard.js'),
  manifest: file('../package.json'),
});
