import { setTimeout } from 'node:timers/promises';

await setTimeout(20);
console.log('up');
