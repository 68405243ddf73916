/** Whether everybody can read the page: by eye, by ear, on a phone, in the dark; and whether it is only text. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describeInChromium, nextPoll, visitor } from './support/browser.js';
import { openShop, type Shop, type ShopOptions } from './support/shop.js';

const hostile = `<script>document.title = 'hacked'</script></script><img src=x onerror="document.title = 'hacked'">`;

interface State {
  readonly options?: ShopOptions;
  reach?(shop: Shop, page: Page): Promise<unknown>;
}

const states: Record<string, State> = {
  'without a number': {},
  'with a number': {
    reach: async ({ flight }, page) => {
      flight.boot.progress(0.4);
      await nextPoll(page);
    },
  },
  'with steps': {
    options: { expose: true },
    reach: async ({ flight: { boot } }, page) => {
      boot.progress(0.4, 'nearly there');
      await boot.step('database', () => {});
      await boot.step('cache', () => Promise.reject(new Error('refused')), { optional: true });
      void boot.step('cities', ({ progress }) => {
        progress(0.1, '13,523 of 135,233');
        return new Promise(() => {});
      });
      await nextPoll(page);
      await page.getByText('13,523 of 135,233').waitFor();
    },
  },
  'after a failure': {
    options: { gateOptions: { cooldownMs: 60_000 } },
    reach: async ({ flight }, page) => {
      flight.fail(new Error('no database'));
      await nextPoll(page);
      await page.getByText('could not start').waitFor();
    },
  },
};
const viewports = { phone: { width: 320, height: 640 }, desktop: { width: 1280, height: 800 } };

describeInChromium('the waiting page can be read by everybody', () => {
  beforeEach(() => void jest.spyOn(process, 'emitWarning').mockImplementation(() => {}));
  afterEach(() => jest.restoreAllMocks());

  test.each(Object.entries(states))(
    'axe finds nothing, light and dark, on phone and desktop: %s',
    async (_name, state) => {
      const shop = await openShop(state.options);
      const { page, complaints } = await visitor();
      await page.clock.install();
      await page.goto(shop.url);
      await state.reach?.(shop, page);
      await page.evaluate(axe.source);
      for (const viewport of Object.values(viewports)) {
        await page.setViewportSize(viewport);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          const { violations, incomplete } = (await page.evaluate('axe.run()')) as axe.AxeResults;
          expect([...violations, ...incomplete].map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
        }
      }
      expect(complaints).toEqual([]);
    },
  );

  test('what it tells those who listen changes with the state, not with every poll', async () => {
    const shop = await openShop();
    const { page } = await visitor();
    await page.clock.install();
    await page.goto(shop.url);
    await page.evaluate(`window.changes = 0; new MutationObserver(() => changes++)
      .observe(document.querySelector('[role=status]'), { childList: true, characterData: true, subtree: true })`);
    for (const percent of [10, 20, 30]) {
      shop.flight.boot.progress(percent / 100);
      await nextPoll(page);
      await page.getByText(`${percent} %`).waitFor();
    }
    expect(await page.evaluate('changes')).toBe(0);
    shop.flight.fail(new Error('no database'));
    await nextPoll(page);
    await page.getByText('could not start').waitFor();
    expect(await page.evaluate('changes')).toBe(1);
  });

  test.each([
    ['no-preference', 'drift'],
    ['reduce', 'none'],
  ] as const)('with prefers-reduced-motion: %s the animation of the bar is %s', async (reducedMotion, animation) => {
    const shop = await openShop();
    const { page } = await visitor({ reducedMotion });
    await page.goto(shop.url);
    expect(await page.evaluate(`getComputedStyle(document.querySelector('progress')).animationName`)).toBe(animation);
  });

  test('N3: titles, steps and texts that look like HTML are text, from the first moment and from a poll', async () => {
    const shop = await openShop({ expose: true, waitingPage: { title: hostile } });
    const { page, complaints } = await visitor({ viewport: viewports.phone });
    await page.clock.install();
    void shop.gate.ensureReady().catch(() => {});
    shop.flight.boot.progress(0.1, hostile);
    void shop.flight.boot.step(`first ${hostile}`, () => new Promise(() => {}));
    await page.goto(shop.url);
    expect(await page.title()).toBe(hostile);
    void shop.flight.boot.step(`second ${hostile}`, () => new Promise(() => {}));
    const items = page.getByRole('listitem');
    expect(await items.allInnerTexts()).toEqual([hostile, `first ${hostile}: running`]);
    await nextPoll(page);
    await items.nth(2).waitFor();
    expect((await items.allInnerTexts())[2]).toBe(`second ${hostile}: running`);
    expect(await page.title()).toBe(hostile);
    expect(await page.locator('main script, main img').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
  });
});
