import fc from 'fast-check';
import { pilotPlot } from './plot.js';
import { patienceMs, runs, silenceWarnings } from './runs.js';
import { World } from './world.js';

silenceWarnings();

test(
  'F1, F2, F5, A11, A12, H2, H4: no order of requests, pilots, aborts, timeouts and resets lets two pilots pass or loses anybody',
  async () => {
    await fc.assert(
      fc.asyncProperty(pilotPlot, fc.scheduler(), (plot, scheduler) => new World(plot, scheduler).play()),
      { numRuns: runs(500) },
    );
  },
  patienceMs,
);
