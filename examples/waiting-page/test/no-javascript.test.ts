import { describeInChromium, heading, visitor } from './support/browser.js';
import { openShop } from './support/shop.js';

describeInChromium('the waiting page without JavaScript', () => {
  test('N2: it shows how far the start is, and loads itself again until the application answers', async () => {
    const shop = await openShop();
    const { page, complaints } = await visitor({ javaScriptEnabled: false });
    void shop.gate.ensureReady();
    shop.flight.boot.progress(0.3);
    await page.goto(shop.url);
    await page.getByText('30 %').waitFor();
    expect(await page.getByRole('timer').innerText()).toMatch(/^\d+ s$/);
    shop.flight.succeed();
    await heading(page, 'The shop');
    expect(shop.requests.filter((request) => request.startsWith('poll'))).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
