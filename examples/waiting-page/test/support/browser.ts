/** Chromium for a suite, and what its pages complain about. */
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';
import { launch, missing } from '../../src/chromium.js';

let browser: Browser;

/** A suite in a real browser; where there is none it is skipped, and its title and the console say why. */
export function describeInChromium(title: string, suite: () => void): void {
  if (missing) {
    process.stderr.write(`SKIPPED: ${title}: ${missing}\n`); // jest shows no titles of a file without tests
    return describe.skip(`${title} (SKIPPED: ${missing})`, suite);
  }
  describe(title, () => {
    jest.setTimeout(30_000);
    beforeAll(async () => void (browser = await launch()));
    afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
    afterAll(() => browser.close());
    suite();
  });
}

export interface Visitor {
  readonly page: Page;
  /** What the console shows as errors and warnings, violations of the content security policy included. */
  readonly complaints: readonly string[];
}

/** A browser of somebody's own: no cookies, no cache, nothing seen before. */
export async function visitor(options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  const violation = `addEventListener('securitypolicyviolation', (event) => console.error('CSP', event.violatedDirective))`;
  await context.addInitScript(violation);
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // Browsers say so of every page with status 503, whatever it holds.
    const isStatus = message.location().url === page.url() && /status of 503/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !isStatus) complaints.push(message.text());
  });
  return { page, complaints };
}

export const heading = (page: Page, title: string): Promise<void> =>
  page.getByRole('heading', { level: 1 }).getByText(title, { exact: true }).waitFor();

/** Lets the page's clock jump to its next poll, and waits for the answer. The clock must be installed. */
export async function nextPoll(page: Page): Promise<void> {
  const answered = page.waitForEvent('requestfinished', isPoll);
  const failed = page.waitForEvent('requestfailed', isPoll);
  const either = Promise.race([answered, failed]);
  for (const end of [answered, failed]) end.catch(() => {}); // the other one comes to nothing
  await page.clock.fastForward(5_000);
  await either;
}

const isPoll = (request: Request): boolean => request.headers()['x-bootstrap-gate'] === 'poll';
