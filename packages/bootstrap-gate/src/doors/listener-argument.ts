/** What the doors that stand around one listener have in common: it is given, or the option `handler` makes it. */
import type { Application } from '../http/transport.js';
import type { Unsupported } from '../http/read-options.js';

export interface ListenerArgument {
  /** Undefined where the option `handler` makes it. */
  readonly listener: Application | undefined;
  readonly options: object | undefined;
  readonly unsupported: Unsupported;
}

/**
 * @param forward why `onDenied: 'forward'` is not understood
 * @param what the listener, for messages
 * @throws TypeError where there is neither a listener nor a `handler`
 */
export function listenerArgument(
  where: string,
  [first, second]: readonly [unknown, object | undefined],
  { forward, what }: { readonly forward: string; readonly what: string },
): ListenerArgument {
  if (typeof first === 'function') {
    const handler = `and a ${what} are given; one of them takes the requests`;
    return { listener: first as Application, options: second, unsupported: { forward, handler } };
  }
  if (!makesHandler(first)) {
    throw new TypeError(`${where}: the first argument must be a ${what}, or the option "handler" must make one`);
  }
  return { listener: undefined, options: first as object, unsupported: { forward } };
}

function makesHandler(options: unknown): boolean {
  const given = Object(options) as { readonly handler?: unknown };
  return Object.hasOwn(given, 'handler') && given.handler !== undefined;
}
