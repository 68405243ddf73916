/**
 * On which line a function is suspended: a heap snapshot does not hold that. It is asked
 * from the inspector; a session within the process answers synchronously.
 */
import type { Session } from 'node:inspector';
import { builtin } from '../builtin.js';

export interface Inspector {
  /** The line on which an async function is suspended, from 1. */
  suspendedAt(heapObjectId: number): { line: number; column: number } | undefined;
  close(): void;
}

/** Undefined where there is none: a Node built without it, `--permission`. */
export function openInspector(): Inspector | undefined {
  try {
    const inspector = builtin('node:inspector');
    if (!inspector) return undefined;
    const session = new inspector.Session();
    session.connect();
    return {
      suspendedAt(id) {
        const at = internalProperty(session, id, '[[GeneratorLocation]]') as GeneratorLocation | undefined;
        return at && { line: at.lineNumber + 1, column: at.columnNumber + 1 };
      },
      close: () => session.disconnect(),
    };
  } catch {
    return undefined;
  }
}

interface GeneratorLocation {
  readonly lineNumber: number;
  readonly columnNumber: number;
}

function internalProperty(session: Session, id: number, name: string): unknown {
  let value: unknown;
  session.post('HeapProfiler.getObjectByHeapObjectId', { objectId: String(id) }, (error, answer) => {
    const objectId = error ? undefined : answer.result.objectId;
    if (objectId === undefined) return;
    session.post('Runtime.getProperties', { objectId, ownProperties: true }, (failed, properties) => {
      if (!failed) value = properties.internalProperties?.find((property) => property.name === name)?.value?.value;
    });
    session.post('Runtime.releaseObject', { objectId });
  });
  return value;
}
