/** Notes: written, and read back to see that they are there. */
import { createHash } from 'node:crypto';
import type { Database } from './database.js';

export interface Receipt {
  readonly id: number;
  /** Of the text that the database gave back, not of what was sent to it. */
  readonly sha256: string;
}

interface Note {
  readonly id: number;
  readonly text: string;
}

export async function writeNote(database: Database, text: string): Promise<Receipt> {
  const [{ id }] = (await database.query('INSERT INTO note (text) VALUES ($1) RETURNING id', [text])) as [Note];
  const [stored] = (await database.query('SELECT id, text FROM note WHERE id = $1', [id])) as [Note];
  return receipt(stored);
}

/** One receipt for every note there is. */
export async function listNotes(database: Database): Promise<Receipt[]> {
  return (await database.query<Note>('SELECT id, text FROM note ORDER BY id')).map(receipt);
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function receipt({ id, text }: Note): Receipt {
  return { id, sha256: sha256(text) };
}
