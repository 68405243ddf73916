/**
 * Backstage's middleware comes with some 600 packages and 260 MB, so it is no dependency of the workspace: the first run
 * installs it into a cache of its own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { RequestHandler } from 'express';

export const BACKSTAGE = { name: '@backstage/backend-defaults', version: '0.19.0' };
const entry = `${BACKSTAGE.name}/httpRouter`;
const folder = fileURLToPath(new URL('../../../node_modules/.cache/bootstrap-gate-bench/', import.meta.url));
const manifest = `${folder}package.json`;
/** Written last, so that an install that was interrupted does not count. */
const complete = `${folder}${BACKSTAGE.version}.installed`;

export const isBackstageInstalled = (): boolean => existsSync(complete);

/** Takes a minute the first time, and needs a network then. @returns whether it is there */
export function installBackstage(): boolean {
  if (isBackstageInstalled()) return true;
  console.log(
    `Installing ${BACKSTAGE.name}@${BACKSTAGE.version} into node_modules/.cache, which takes about a minute …`,
  );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    manifest,
    `${JSON.stringify({ private: true, dependencies: { [BACKSTAGE.name]: BACKSTAGE.version } })}\n`,
  );
  const flags = ['--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', ['install', ...flags], { cwd: folder, stdio: 'inherit', shell: true });
  if (status === 0) writeFileSync(complete, '');
  else console.error(`${BACKSTAGE.name} could not be installed; it is left out.`);
  return status === 0;
}

interface Lifecycle {
  addStartupHook(hook: () => Promise<void>): void;
  addShutdownHook(hook: () => Promise<void>): void;
}

interface HttpRouter {
  createLifecycleMiddleware(options: { config: unknown; lifecycle: Lifecycle }): RequestHandler;
}

/** The middleware, and what the platform around it would do: call its hooks. */
export function backstageLifecycle(startupRequestPauseTimeout: object): {
  readonly middleware: RequestHandler;
  readonly startUp: () => Promise<void>;
  readonly shutDown: () => Promise<void>;
} {
  const load = createRequire(manifest);
  const { createLifecycleMiddleware } = load(entry) as HttpRouter;
  const { ConfigReader } = createRequire(load.resolve(entry))('@backstage/config') as {
    ConfigReader: new (data: object) => unknown;
  };
  let startUp = async (): Promise<void> => {};
  let shutDown = startUp;
  const middleware = createLifecycleMiddleware({
    config: new ConfigReader({ backend: { lifecycle: { startupRequestPauseTimeout } } }),
    lifecycle: { addStartupHook: (hook) => (startUp = hook), addShutdownHook: (hook) => (shutDown = hook) },
  });
  return { middleware, startUp, shutDown };
}

/** For measuring how long it takes to load. */
export const backstageEntry = (): string => createRequire(manifest).resolve(entry);
