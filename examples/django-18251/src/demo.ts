/** `npm start -- naive|traced|order|gated` */
import { gated, naive, order, traced } from './modes.js';
import { start } from './start.js';

void start({ naive, traced, order, gated }, process.argv[2]);
