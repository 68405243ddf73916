/** A bootstrap that fails, a server that goes away, an application that sends people elsewhere. */
import type { RequestListener } from 'node:http';
import { bootstrapGate } from 'bootstrap-gate/node';
import { describeInChromium, heading, nextPoll, visitor } from './support/browser.js';
import { listen, openShop, stop } from './support/shop.js';

const starting = 'The application is not ready yet.';
const failed = 'The application could not start.';
const lost = 'The server does not answer.';

describeInChromium('the waiting page stays when something goes wrong', () => {
  test('N2, N3: it says that the bootstrap has failed, not why, and starts the next flight', async () => {
    const shop = await openShop({ gateOptions: { cooldownMs: 1_500 } });
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const { page, complaints } = await visitor();
    await page.clock.install();
    await page.goto(shop.url);
    const status = page.getByRole('status');
    shop.flight.fail(new Error('wrong password'));
    await nextPoll(page);
    await status.getByText(failed).waitFor();
    expect(await page.getByRole('progressbar').count()).toBe(0);
    expect(await page.content()).not.toContain('password');

    while ((await status.innerText()).startsWith(failed)) await nextPoll(page);
    await status.getByText(starting).waitFor();
    expect(shop.gate.state).toBe('booting');
    expect(await page.getByRole('progressbar').count()).toBe(1);
    shop.flight.succeed();
    await nextPoll(page);
    await heading(page, 'The shop');
    expect(complaints).toEqual([]);
    expect(warned).toHaveBeenCalledTimes(1);
    warned.mockRestore();
  });

  test('N2: it waits for a server that is restarted, and for its bootstrap', async () => {
    const before = await openShop();
    const { page, complaints } = await visitor();
    await page.clock.install();
    await page.goto(before.url);
    const status = page.getByRole('status');
    before.flight.boot.progress(0.9);
    await nextPoll(page);
    await page.getByText('90 %').waitFor();
    await stop(before.server);
    await nextPoll(page);
    expect(await status.innerText()).toMatch(starting); // one failure is not worth a word
    await nextPoll(page);
    await status.getByText(lost).waitFor();

    const after = await openShop({ port: Number(new URL(before.url).port) });
    await nextPoll(page);
    await status.getByText(starting).waitFor();
    expect(await page.getByRole('progressbar').getAttribute('value')).toBeNull(); // that was the other process
    after.flight.boot.progress(0.2);
    await nextPoll(page);
    await page.getByText('20 %').waitFor();
    after.flight.succeed();
    await nextPoll(page);
    await heading(page, 'The shop');
    expect(complaints.filter((complaint) => !/ERR_(CONNECTION|EMPTY)_/.test(complaint))).toEqual([]);
  });

  test.each([502, 503, 504])('N2: it goes on waiting when a proxy answers %i for the server', async (code) => {
    const shop = await openShop();
    const { page } = await visitor();
    await page.clock.install();
    await page.goto(shop.url);
    await page.route(shop.url, (route) => route.fulfill({ status: code, body: 'no server' }));
    for (const _ of [1, 2]) await nextPoll(page);
    await page.getByText(lost).waitFor();
    await page.unroute(shop.url);
    await nextPoll(page);
    await page.getByText(starting).waitFor();
  });

  test('N2: it goes on waiting when the gate is closed, for the process that follows', async () => {
    const shop = await openShop();
    const { page } = await visitor();
    await page.clock.install();
    await page.goto(shop.url);
    void shop.gate.close();
    for (const _ of [1, 2]) await nextPoll(page);
    await page.getByText(lost).waitFor();
  });

  test.each([
    [404, 'Not found'],
    [500, 'Out of order'],
  ])('N2: a %i of the application is an answer: the browser shows it', async (code, text) => {
    const { page, opened } = await visitTo((_req, res) => res.writeHead(code).end(text));
    await opened();
    await page.getByText(text).waitFor();
  });

  test('N2: where the application redirects to another origin, the browser goes there, and the page does not', async () => {
    const elsewhere = await listen((_req, res) => res.setHeader('Content-Type', 'text/html').end('<h1>Sign in</h1>'));
    const { page, complaints, opened } = await visitTo((_req, res) =>
      res.writeHead(302, { Location: elsewhere.url }).end(),
    );
    await opened();
    await heading(page, 'Sign in');
    expect(complaints).toEqual([]);
  });
});

/** A visitor in front of the waiting page of an application, which opens on demand. */
async function visitTo(application: RequestListener) {
  let open!: () => void;
  const bootstrap = (): Promise<void> => new Promise((resolve) => (open = resolve));
  const { url } = await listen(bootstrapGate(application, { bootstrap, waitingPage: true }));
  const { page, complaints } = await visitor();
  await page.clock.install();
  await page.goto(url);
  const opened = (): Promise<void> => {
    open();
    return nextPoll(page);
  };
  return { page, complaints, opened };
}
