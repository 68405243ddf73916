/** `npm start`, or `npm start -- <folder>` for the pictures. */
import { resolve } from 'node:path';
import { slowStart } from './slow-start.js';

const folder = process.argv[2] ?? 'out';
console.log(`\n${await slowStart(folder, 1_000)}\n\nThe pictures are in ${resolve(folder)}.`);
