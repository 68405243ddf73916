/** What a gate tells to whoever listens, and the one thing that it hears. Nothing is built or sent while nobody listens. */
import { channel } from 'node:diagnostics_channel';
import { leaveScope } from '@bootstrap-gate/deadlock/adapter';

export const channels = {
  state: channel('bootstrap-gate.state'),
  flight: channel('bootstrap-gate.flight'),
  step: channel('bootstrap-gate.step'),
  request: channel('bootstrap-gate.request'),
  verdict: channel('bootstrap-gate.verdict'),
};

const incomingRequests = channel('http.server.request.start');
let flights = 0;

/**
 * While a flight runs, an incoming request is nobody's: on Node 20 and 22 the requests of a server that began to listen
 * inside a step inherit the step's context. Until the returned function is called.
 */
export function disownRequests(): () => void {
  if (flights++ === 0) incomingRequests.subscribe(leaveScope);
  return () => {
    if (--flights === 0) incomingRequests.unsubscribe(leaveScope);
  };
}
