/** The shop's database: a file with a line for everything that happened. After `close` a write is an error. */
import { open } from 'node:fs/promises';

export interface Ledger {
  write(line: string): Promise<void>;
  close(): Promise<void>;
}

export async function openLedger(path: string): Promise<Ledger> {
  const file = await open(path, 'a');
  const write = (line: string): Promise<void> => file.appendFile(`${line}\n`);
  await write('opened');
  return {
    write,
    async close() {
      await write('closed');
      await file.close();
    },
  };
}
