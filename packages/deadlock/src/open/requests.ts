/** What has no object of its own: requests to the operating system, timers, workers, file watches. */
import type { OpenThing } from './open.js';

export function activeRequests(handles: readonly object[]): OpenThing[] {
  const found = [...connects(), ...handles.filter(isWatch).map(watchThing)];
  const counts = new Map<string, number>();
  for (const type of resources()) counts.set(type, (counts.get(type) ?? 0) + 1);
  for (const [type, count] of counts) {
    const known = knownTypes[type];
    if (known) found.push({ ...known, count });
  }
  return found;
}

const knownTypes: Readonly<Record<string, Omit<OpenThing, 'count'>>> = {
  Timeout: { kind: 'timer', text: 'timer', isSuspect: false },
  Immediate: { kind: 'timer', text: 'setImmediate', isSuspect: false },
  FSReqCallback: { kind: 'file', text: 'file operation that has not ended', isSuspect: true },
  FSReqPromise: { kind: 'file', text: 'file operation that has not ended', isSuspect: true },
  GetAddrInfoReqWrap: { kind: 'lookup', text: 'DNS lookup without an answer', isSuspect: true },
  QueryReqWrap: { kind: 'lookup', text: 'DNS query without an answer', isSuspect: true },
  MessagePort: { kind: 'worker', text: 'message port that is listened to', isSuspect: false },
};

interface ConnectRequest {
  readonly address?: unknown;
  readonly port?: unknown;
}

/** Connects of sockets that are not among the handles, such as those that try several addresses. */
function connects(): OpenThing[] {
  return requests()
    .filter((request) => /^(?:TCP|Pipe)ConnectWrap$/.test(request.constructor?.name ?? ''))
    .map((request) => {
      const { address, port } = request as ConnectRequest;
      const to = port === undefined ? String(address) : `${String(address)}:${String(port)}`;
      return { kind: 'connecting' as const, text: `connecting to ${to}: no answer`, count: 1, isSuspect: true };
    });
}

const isWatch = (handle: object): boolean => /^(?:FSWatcher|FSEvent|StatWatcher)$/.test(handle.constructor?.name ?? '');
const watchThing = (): OpenThing => ({ kind: 'file watch', text: 'file watch', count: 1, isSuspect: false });

function requests(): object[] {
  try {
    const active = (process as { _getActiveRequests?: () => unknown[] })._getActiveRequests?.() ?? [];
    return active.filter((request): request is object => typeof request === 'object' && request !== null);
  } catch {
    return [];
  }
}

function resources(): string[] {
  try {
    return process.getActiveResourcesInfo?.() ?? [];
  } catch {
    return [];
  }
}
