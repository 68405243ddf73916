/** What a gate tells to whoever listens. Nothing is built or sent while nobody does. */
import { channel } from 'node:diagnostics_channel';

export const channels = {
  state: channel('bootstrap-gate.state'),
  flight: channel('bootstrap-gate.flight'),
  step: channel('bootstrap-gate.step'),
  request: channel('bootstrap-gate.request'),
  verdict: channel('bootstrap-gate.verdict'),
  stall: channel('bootstrap-gate.stall'),
};
