import { config } from './config.mjs';

let ready;

export function database() {
  ready ??= open();
  return ready;
}

async function open() {
  await null;
  const { url } = await config();
  return { url };
}
