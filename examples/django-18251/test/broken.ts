/** The modes, each without the one thing that makes it show what its name says. */
import { gated, naive, order, plainLocks, traced, tracedLocks } from '../src/modes.js';
import { start } from '../src/start.js';

const broken = {
  naive: () => naive(tracedLocks()),
  traced: () => traced(plainLocks()),
  order: () => order(plainLocks()),
  gated: () => gated((_req, _res, next) => next()),
};

void start(broken, process.argv[2]);
