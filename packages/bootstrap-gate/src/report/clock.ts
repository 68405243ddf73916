/** The time of reports. */
export { now as epochNow } from '@bootstrap-gate/deadlock/adapter';
