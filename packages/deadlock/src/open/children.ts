/** Child processes: what they do, and what of them nobody reads or ends. */
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { builtin } from '../builtin.js';
import type { OpenThing } from './open.js';

export function children(handles: readonly object[]): OpenThing[] {
  return handles.filter(isChild).map((child) => {
    const notes = [stateOf(child.pid), ...unread(child), ...stdin(child)].filter((note) => note !== undefined);
    const command = child.spawnargs.join(' ').slice(0, 80);
    const text = [`child process ${child.pid} (${command}) has not ended`, ...notes].join('; ');
    return { kind: 'child', text, count: 1, isSuspect: true };
  });
}

/** The streams of children are sockets too, and are told with their child. */
export function streamsOfChildren(handles: readonly object[]): Set<unknown> {
  return new Set(handles.filter(isChild).flatMap(({ stdio }) => stdio ?? []));
}

const isChild = (handle: object): handle is ChildProcess => 'spawnargs' in handle && 'pid' in handle;

function unread({ stdout, stderr }: ChildProcess): string[] {
  const notes: string[] = [];
  for (const [name, stream] of Object.entries({ stdout, stderr } as Record<string, Readable | null>)) {
    if (!stream || stream.readableFlowing !== null || stream.listenerCount('readable') > 0) continue;
    const bytes = stream.readableLength;
    if (bytes > 0) notes.push(`nothing reads its ${name} (${bytes} bytes are waiting; the child stops at a full pipe)`);
  }
  return notes;
}

const stdin = ({ stdin: input }: ChildProcess): string[] =>
  input && !input.writableEnded && !input.destroyed ? ['its stdin has not been ended'] : [];

/** On Linux; elsewhere there is nothing to say. */
function stateOf(pid: number | undefined): string | undefined {
  try {
    const status = builtin('node:fs')?.readFileSync(`/proc/${pid}/status`, 'utf8') ?? '';
    const [, state] = /^State:\s+(\S)/m.exec(status) ?? [];
    return state === 'T' || state === 't' ? 'it is stopped (SIGSTOP)' : undefined;
  } catch {
    return undefined;
  }
}
