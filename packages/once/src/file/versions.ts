/**
 * Compare-and-set on a folder: revision n is the file `n`, and it is made by `link`, which fails where the name is taken. So
 * of many who have all seen n - 1 one makes n, with all of its content.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, stat, unlink } from 'node:fs/promises';
import path from 'node:path';

/** Older revisions stay for those who are about to read them. */
const KEPT = 8;
export const HOUR_MS = 3_600_000;

export async function readNewest(folder: string): Promise<{ revision: number; text: string | null }> {
  for (;;) {
    const revision = await newest(folder);
    if (revision === 0) return { revision, text: null };
    const text = await readIfThere(path.join(folder, String(revision)));
    if (text !== null) return { revision, text };
  }
}

/** Whether this revision was made by this call. */
export async function makeRevision(folder: string, revision: number, text: string): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  const temporary = path.join(folder, `.${randomUUID()}`);
  await writeDurably(temporary, text);
  const file = path.join(folder, String(revision));
  try {
    await link(temporary, file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await removeIfThere(temporary);
  }
  if ((await newest(folder)) >= revision + KEPT) {
    // The name may have been free because it was tidied away. All read the newest, so nobody has read this one.
    await removeIfThere(file);
    return false;
  }
  await syncFolder(folder);
  await tidy(folder, revision);
  return true;
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

export async function removeIfThere(file: string): Promise<void> {
  try {
    await unlink(file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

export const codeOf = (error: unknown): string => String((Object(error) as { code?: unknown }).code);

async function newest(folder: string): Promise<number> {
  const revisions = (await namesIn(folder)).filter((name) => /^\d+$/.test(name)).map(Number);
  return Math.max(0, ...revisions);
}

/** What nobody reads any more: old revisions, and what was left by those who died while they wrote. */
async function tidy(folder: string, revision: number): Promise<void> {
  for (const name of await namesIn(folder)) {
    const file = path.join(folder, name);
    if (/^\d+$/.test(name) ? Number(name) <= revision - KEPT : await isOlderThan(file, HOUR_MS))
      await removeIfThere(file);
  }
}

export async function isOlderThan(file: string, ms: number): Promise<boolean> {
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Infinity }));
  return Date.now() - mtimeMs > ms;
}

/** A new name is on disk only when its folder is. Not every system can do it. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!/^(EPERM|EISDIR|EINVAL|EACCES)$/.test(codeOf(error))) throw error;
  }
}
