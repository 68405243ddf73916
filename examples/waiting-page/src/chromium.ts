/** The browser that the tests and the pictures use: Chromium from CHROMIUM, or where Debian puts it. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Why there is no browser, if there is none. One that was asked for by name must be there. */
export const missing =
  process.env.CHROMIUM === undefined && !existsSync(executablePath)
    ? `${executablePath} is not there; apt-get install chromium, or set CHROMIUM to the path of one`
    : undefined;

export function launch(): Promise<Browser> {
  const args = [
    '--no-sandbox', // there is none for root, as in a container
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return chromium.launch({ executablePath, args });
}
