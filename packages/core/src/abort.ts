import { setMaxListeners } from 'node:events';

/** For signals that many listen to: every parallel step, and whatever the user hands them to. */
export function sharedAbort(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // Node 20 warns of a leak from the eleventh listener on
  return controller;
}
