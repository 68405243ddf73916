/** Recognises SQL that changes something, and cuts what could be private out of it. */
import { createHash } from 'node:crypto';

// No word boundary in front: in Postgres' protocol the byte before is a length, which may look like a letter.
const CHANGES =
  /(?:CREATE\s+(?:OR\s+REPLACE\s+)?(?:UNIQUE\s+)?(?:TABLE|INDEX|SCHEMA|TYPE|EXTENSION|VIEW|FUNCTION|DATABASE|SEQUENCE|TRIGGER)|ALTER\s+(?:TABLE|TYPE|SEQUENCE)|DROP\s+(?:TABLE|INDEX|SCHEMA|TYPE|VIEW)|TRUNCATE\s+|INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+[\w."`]+\s+SET)\b[^]*/i;
const SEEN_BYTES = 4_096;
const SHOWN = 70;

export function statementIn(bytes: Uint8Array): string | undefined {
  return CHANGES.exec(
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, SEEN_BYTES)).toString('latin1'),
  )?.[0];
}

/** Literals become `?`, also one that the end of the excerpt cuts in two. */
export function cutStatement(text: string): string {
  const cut = text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/'(?:[^']|'')*(?:'|$)/g, '?')
    .replace(/\$(\w*)\$[^]*?(?:\$\1\$|$)/g, '?')
    .replace(/"([^"]*)("|$)/g, (whole, name: string, end: string) => (end && /^[\w.]+$/.test(name) ? whole : '?'))
    .replace(/\bVALUES\b[^]*$/i, 'VALUES ?')
    .replace(/(?<![\w$])\d[\w.]*/g, '?')
    .replace(/\s+/g, ' ')
    .trim();
  return cut.length > SHOWN ? `${cut.slice(0, SHOWN)}…` : cut;
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex').slice(0, 12);
}
