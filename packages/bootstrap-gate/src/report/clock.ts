import { systemClock } from '../kit/clock.js';

/** The time of reports. */
export const epochNow = (): number => systemClock.now();
