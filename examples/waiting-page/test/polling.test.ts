/** How often the page asks. */
import type { Page } from 'playwright-core';
import { describeInChromium, heading, visitor } from './support/browser.js';
import { openShop, type Shop } from './support/shop.js';

/** The page's clock stands still; each poll shows the number that it was answered, so none is missed. */
async function frozen(): Promise<{ shop: Shop; page: Page; polls: () => number }> {
  const shop = await openShop();
  const { page } = await visitor();
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1_000);
  await page.goto(shop.url);
  return { shop, page, polls: () => shop.requests.filter((request) => request.startsWith('poll')).length };
}

describeInChromium('the waiting page asks with restraint', () => {
  test('N2: after 1 s, then less and less often, every 5 s in the end', async () => {
    const { shop, page, polls } = await frozen();
    const delays = [1_000, 1_500, 2_250, 3_375, 5_000, 5_000, 5_000];
    for (const [index, delay] of delays.entries()) {
      shop.flight.boot.progress((index + 1) / 100);
      await page.clock.runFor(delay - 1);
      expect(polls()).toBe(index);
      await page.clock.runFor(1);
      await page.getByText(`${index + 1} %`, { exact: true }).waitFor();
      expect(polls()).toBe(index + 1);
    }
    const timer = page.getByRole('timer');
    const seconds = Number.parseInt(await timer.innerText());
    await page.clock.runFor(4_000); // the time goes on in between
    expect(await timer.innerText()).toBe(`${seconds + 4} s`);
  });

  test('N2: not while the tab is hidden, and at once when it is shown', async () => {
    const { shop, page, polls } = await frozen();
    const show = (hidden: boolean): Promise<unknown> =>
      page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, value: ${hidden} });
        document.dispatchEvent(new Event('visibilitychange'))`);
    await show(true);
    await page.clock.runFor(60_000);
    expect(polls()).toBe(0);
    shop.flight.boot.progress(0.5);
    await show(false);
    await page.getByText('50 %').waitFor();
    expect(polls()).toBe(1);
    shop.flight.succeed();
    await page.clock.runFor(1_500);
    await heading(page, 'The shop');
  });
});
