/** Who a process is, so that another one on the same host can tell at once whether it still is. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface Identity {
  readonly hostname: string;
  /** Of this start of the machine; null where /proc does not tell. */
  readonly boot: string | null;
  /** The PID namespace: a container has its own numbers. */
  readonly namespace: string | null;
  readonly pid: number;
  /** When the process started, in clock ticks since boot: a PID is used again. */
  readonly start: string | null;
}

export function identityOf(pid: number): Identity {
  const isOwn = pid === process.pid;
  return {
    hostname: hostname(),
    boot: read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: isOwn ? read(() => readlinkSync('/proc/self/ns/pid')) : null,
    pid,
    start: isOwn ? startOf(pid) : null,
  };
}

/**
 * Whether the process has certainly ended: this host was started again, or its process is gone, or another one has its PID.
 * False says nothing: it may stand still, or live where this process cannot see.
 */
export function hasDied(of: Identity, mine: Identity): boolean {
  if (of.hostname !== mine.hostname || of.boot === null || mine.boot === null) return false;
  if (of.boot !== mine.boot) return true;
  if (of.namespace === null || of.namespace !== mine.namespace || of.start === null) return false;
  return startOf(of.pid) !== of.start;
}

/** Field 22 of stat; null where there is no such process, or only its zombie. */
function startOf(pid: number): string | null {
  return read(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may have spaces and parentheses itself.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? null : (fields[18] ?? null);
  });
}

function read(get: () => string | null): string | null {
  try {
    return get();
  } catch {
    return null;
  }
}
