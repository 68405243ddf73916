/** The head office, over HTTP at OFFICE_URL. Without one the shop is its own, and takes its time. */
import { setTimeout as sleep } from 'node:timers/promises';

export async function askOffice(path: string, signal?: AbortSignal): Promise<void> {
  const url = process.env.OFFICE_URL;
  if (!url) return sleep(path === '/prices' ? 3_000 : 300, undefined, { ...(signal && { signal }) });
  const answer = await fetch(url + path, { method: 'POST', signal: signal ?? null });
  if (!answer.ok) throw new Error(`the head office answered ${answer.status}`);
}
