import { PHASE_PRODUCTION_SERVER } from 'next/constants.js';

/** The settings come from a service, which takes a while. */
export default async function config(phase) {
  if (phase === PHASE_PRODUCTION_SERVER) {
    const response = await fetch(process.env.SLOW_URL);
    globalThis.setting = await response.text();
  }
  return { turbopack: { root: import.meta.dirname } };
}
