/** It comes without types; this is the part that is used here. */
declare module 'express-queue' {
  import type { RequestHandler } from 'express';

  export default function queue(options: { activeLimit: number; queuedLimit: number }): RequestHandler;
}
