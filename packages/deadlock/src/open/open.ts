/**
 * What keeps the process alive or could answer it: children, sockets, servers, requests, watches, timers, workers. Looked
 * at when asked. Failed attempts leave nothing to look at, so `recordOpen` counts them from a start to its end.
 */
import { children } from './children.js';
import { recorded } from './record.js';
import { activeRequests } from './requests.js';
import { sockets } from './sockets.js';

/** Something that is open, as plain data. */
export interface OpenThing {
  readonly kind:
    | 'child'
    | 'connecting'
    | 'connection'
    | 'failed connects'
    | 'file'
    | 'file watch'
    | 'lookup'
    | 'port in use'
    | 'queued requests'
    | 'response'
    | 'server'
    | 'stdin'
    | 'timer'
    | 'worker'
    | 'other';
  /** One line, such as `connection to 127.0.0.1:5432: sent 8 bytes, has received nothing`. */
  readonly text: string;
  readonly count: number;
  /** Whether it is a likely reason for a wait that does not end; those come first. */
  readonly isSuspect: boolean;
}

/** Everything that is open now, equal lines counted. Empty on runtimes that do not tell. */
export function whatIsOpen(): OpenThing[] {
  const handles = activeHandles();
  const found: OpenThing[] = [...recorded(), ...children(handles), ...sockets(handles), ...activeRequests(handles)];
  const merged = new Map<string, OpenThing>();
  for (const thing of found) {
    const key = `${thing.kind} ${thing.text}`;
    const count = thing.count + (merged.get(key)?.count ?? 0);
    merged.set(key, { ...thing, count });
  }
  return [...merged.values()].sort((one, other) => Number(other.isSuspect) - Number(one.isSuspect));
}

/** As lines of text, the likely reasons first. */
export function openText(things: readonly OpenThing[], { maxLines = 12 } = {}): string {
  const lines = things.map(({ text, count }) => (count > 1 ? `${count} × ${text}` : text));
  const rest = lines.length - maxLines;
  return [...lines.slice(0, maxLines), ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}

/** The only way to the objects themselves; `process.getActiveResourcesInfo()` has but their types. */
function activeHandles(): object[] {
  try {
    const handles = (process as { _getActiveHandles?: () => unknown[] })._getActiveHandles?.() ?? [];
    return handles.filter((handle): handle is object => typeof handle === 'object' && handle !== null);
  } catch {
    return [];
  }
}
