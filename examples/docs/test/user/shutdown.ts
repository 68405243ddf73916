/** What the guide on shutdown tells the reader to copy. */
export { endOnSignal, stopWithin } from '../../../shutdown/src/shutdown.js';
