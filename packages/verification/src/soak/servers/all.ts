/** Every adapter that is soaked. */
import express4 from 'express4';
import express5 from 'express5';
import Koa2 from 'koa2';
import Koa3 from 'koa3';
import type { AdapterName } from '../plan/types.js';
import { expressMount } from './express.js';
import { koaMount } from './koa.js';
import type { Mount } from './mount.js';
import { nodeHttp2Mount, nodeMount, serverHttp2Mount, serverMount } from './node.js';

export const mounts: Readonly<Record<AdapterName, Mount>> = {
  node: nodeMount,
  'node-http2': nodeHttp2Mount,
  server: serverMount,
  'server-http2': serverHttp2Mount,
  express4: expressMount(express4),
  express5: expressMount(express5),
  koa2: koaMount(Koa2),
  koa3: koaMount(Koa3),
};
