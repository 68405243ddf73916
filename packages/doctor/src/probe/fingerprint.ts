/** Bodies as short strings that are equal when the bodies say the same. */
import { createHash } from 'node:crypto';

export function exactOf(body: Uint8Array): string {
  return createHash('sha1').update(body).digest('hex').slice(0, 12);
}

/** Clocks, counters, nonces, CSRF tokens and session ids differ from one answer to the next, and mean nothing. */
export function shapeOf(body: string): string {
  const shape = body
    .replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi, 'U')
    .replace(/(?=[\w+/=-]*\d)[\w+/-]{12,}={0,2}/g, 'T')
    .replace(/[A-Za-z0-9+/_-]{24,}={0,2}/g, 'T')
    .replace(/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b/g, 'D')
    .replace(/\d+/g, '0');
  return exactOf(Buffer.from(shape));
}
