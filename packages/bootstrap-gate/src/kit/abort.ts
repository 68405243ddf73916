import { setMaxListeners } from 'node:events';

/** For a signal that may have many listeners: the user hands it to whatever runs in parallel. */
export function sharedAbort(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // Node 20 warns of a leak from the eleventh listener on
  return controller;
}
