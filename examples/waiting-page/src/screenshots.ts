/** Takes the pictures of docs/guides/waiting-page.md: `npm run screenshots` in the root. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Boot, createGate } from 'bootstrap-gate';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { launch } from './chromium.js';
import { type DoorOptions, listeners } from './listeners.js';

const folder = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
const still = { reducedMotion: 'reduce' } as const;
const desktop = { ...still, viewport: { width: 760, height: 400 } };
const phone = { ...still, viewport: { width: 360, height: 560 }, deviceScaleFactor: 1.5 };

interface Picture {
  readonly browser: BrowserContextOptions;
  readonly door?: Partial<DoorOptions>;
  readonly bootstrap: (boot: Boot) => unknown;
  /** What the page shows when the picture is taken. */
  readonly shows: string;
}

const pictures: Record<string, Picture> = {
  light: {
    browser: { ...desktop, colorScheme: 'light' },
    bootstrap: (boot) => {
      boot.progress(0.62);
      return never;
    },
    shows: '8 s',
  },
  dark: { browser: { ...desktop, colorScheme: 'dark' }, bootstrap: () => never, shows: '8 s' },
  phone: {
    browser: { ...phone, colorScheme: 'light' },
    door: { waitingPage: { title: 'The shop is opening' }, expose: true },
    bootstrap: async (boot) => {
      boot.progress(0.62);
      await boot.step('lights', () => sleep(1_200));
      await boot.step('till', () => sleep(400));
      await boot.step('shelves', ({ progress }) => {
        progress(0.52, '21 of 40');
        return never;
      });
    },
    shows: '8 s',
  },
  failed: {
    browser: { ...desktop, colorScheme: 'light' },
    bootstrap: () => Promise.reject(new Error('nobody has the key')),
    shows: 'could not start',
  },
};

const never = new Promise<never>(() => {});

async function take(browser: Browser, name: string, { door, bootstrap, shows, ...picture }: Picture): Promise<void> {
  const gate = createGate({ name: 'shop', bootstrap, cooldownMs: 60_000 });
  const server = createServer(listeners.node({ gate, waitingPage: true, ...door })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const page = await browser.newPage(picture.browser);
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.getByText(shows).waitFor();
  await page.screenshot({ path: `${folder}waiting-page-${name}.png` });
  await page.close();
  server.close();
}

const browser = await launch();
await Promise.all(Object.entries(pictures).map(([name, picture]) => take(browser, name, picture)));
await browser.close();
process.exit(); // the bootstraps of these shops never end
