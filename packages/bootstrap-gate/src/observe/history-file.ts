/** The history of a gate as a file. Others may write to its folder, which in the worst case is that of all temporary files. */
import type { HistoryStore } from '../kit/types.js';

/** Ten boots of a thousand steps with long names take less. What is larger was not written here, and is not read on. */
const LARGEST_BYTES = 4_000_000;

/**
 * It is replaced as a whole, so that who reads it meanwhile never gets half of it. Nobody can guess the name of the draft,
 * and a link in its place is not followed: it could lead to any file that this process may write.
 */
export function historyFile(path: string): HistoryStore {
  return {
    async load() {
      try {
        return await readBounded(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async save(text) {
      const { rename, rm, stat, writeFile } = files();
      const draft = `${path}.${crypto.randomUUID()}.tmp`;
      try {
        const known = await stat(path).catch(() => undefined);
        await writeFile(draft, text, { flag: 'wx', ...(known?.isFile() && { mode: known.mode & 0o777 }) });
        await rename(draft, path);
        await removeOldDrafts(path).catch(() => {}); // nothing depends on it
      } catch (error) {
        await rm(draft).catch(() => {}); // the first failure is the one to tell
        throw error;
      }
    },
  };
}

/** A draft that is so old belongs to a process that ended before it was done. */
const OLD_MS = 60_000;

async function removeOldDrafts(path: string): Promise<void> {
  const { lstat, readdir, rm } = files();
  const { basename, dirname, join } = process.getBuiltinModule('node:path');
  const drafts = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[.]tmp$/;
  const start = `${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(start) || !drafts.test(name.slice(start.length))) continue;
    const draft = join(dirname(path), name);
    if (Date.now() - (await lstat(draft)).mtimeMs > OLD_MS) await rm(draft);
  }
}

/** Loaded when it is used: gates without a history, most of them, start without it. */
const files = () => process.getBuiltinModule('node:fs/promises');

/** By what comes, not by the size that it claims: a device has none, and a file may grow meanwhile. */
async function readBounded(path: string): Promise<string> {
  const { constants, open } = files();
  // Without O_NONBLOCK, opening a pipe without a writer would never end, and keep a thread. Windows has neither.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of file.createReadStream({ autoClose: false })) {
      parts.push(part as Buffer);
      bytes += (part as Buffer).length;
      if (bytes > LARGEST_BYTES) throw new Error(`it has more than ${LARGEST_BYTES} bytes`);
    }
    return Buffer.concat(parts).toString();
  } finally {
    await file.close();
  }
}
