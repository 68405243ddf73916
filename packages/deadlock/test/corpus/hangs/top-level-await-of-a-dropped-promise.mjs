import { EventEmitter, once } from 'node:events';

const bus = new EventEmitter();
await once(bus, 'connected');
console.log('up');
