import { database } from './database.mjs';

let ready;

export function config() {
  ready ??= load();
  return ready;
}

async function load() {
  await null;
  const stored = await database();
  return { url: stored.url };
}
