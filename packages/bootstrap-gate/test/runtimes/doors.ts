/** The doors whose checks are run on every runtime, each with the newest version of its framework. */
import type { Adapter } from '@bootstrap-gate/conformance';
import express from 'express5';
import Koa from 'koa3';
import { expressAdapter } from '../doors/express/mount.js';
import { koaAdapter } from '../doors/koa/mount.js';
import { fetchAdapter } from '../doors/fetch/mount.js';
import { honoAdapter } from '../doors/hono/mount.js';
import { http1Adapter } from '../doors/node/mount.js';

export const doors: Readonly<Record<string, Adapter>> = {
  node: http1Adapter(),
  express: expressAdapter(express),
  koa: koaAdapter(Koa),
  fetch: fetchAdapter(),
  hono: honoAdapter(),
};
