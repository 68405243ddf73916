/** The paths without parameters that an Express application answers to GET. */
import type { Server } from 'node:net';

interface Layer {
  readonly route?: { readonly path: unknown; readonly methods?: Readonly<Record<string, boolean>> };
}

const MOST = 12;

export function routesOf(server: Server): string[] {
  const paths = new Set<string>();
  for (const listener of server.listeners('request')) {
    try {
      for (const { route } of stackOf(listener)) {
        if (!route?.methods?.['get']) continue;
        for (const path of [route.path].flat()) {
          if (typeof path === 'string' && /^\/[\w\-./~]*$/.test(path)) paths.add(path);
        }
      }
    } catch {
      // Another framework's idea of a router.
    }
  }
  return [...paths].slice(0, MOST);
}

function stackOf(listener: unknown): readonly Layer[] {
  const app = listener as { _router?: { stack?: Layer[] }; router?: { stack?: Layer[] } };
  // Express 4 throws at `router`, Express 5 has no `_router`.
  return (app._router ?? app.router)?.stack ?? [];
}
