import fc from 'fast-check';
import { flightPlot } from './plot.js';
import { patienceMs, runs, silenceWarnings } from './runs.js';
import { World } from './world.js';

silenceWarnings();

test(
  'A1, A3, A4, A5, A7, A9, A11, A12, H2: no order of callers, guests, aborts, timeouts, resets and results breaks a flight',
  async () => {
    await fc.assert(
      fc.asyncProperty(flightPlot, fc.scheduler(), (plot, scheduler) => new World(plot, scheduler).play()),
      { numRuns: runs(500) },
    );
  },
  patienceMs,
);
