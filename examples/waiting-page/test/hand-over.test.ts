/** From the first visit during the bootstrap to the application, with every framework. */
import { bootstrapGate } from 'bootstrap-gate/node';
import { type Framework, listeners } from '../src/listeners.js';
import { describeInChromium, heading, nextPoll, visitor } from './support/browser.js';
import { listen, openShop } from './support/shop.js';

const frameworks = Object.keys(listeners) as Framework[];
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describeInChromium('the waiting page hands over to the application', () => {
  test.each(frameworks)('N2: %s: first visit, live progress, the application', async (framework) => {
    const shop = await openShop({ framework });
    const { page, complaints } = await visitor();
    await page.clock.install();
    const first = await page.goto(shop.url);
    expect(first?.status()).toBe(503);
    await heading(page, 'Starting');
    const bar = page.getByRole('progressbar', { name: 'Progress' });
    expect(await bar.getAttribute('value')).toBeNull(); // the bootstrap has said nothing

    for (const percent of ['25', '50']) {
      shop.flight.boot.progress(Number(percent) / 100);
      await nextPoll(page);
      await page.getByText(`${percent} %`).waitFor();
      expect(await bar.getAttribute('value')).toBe(percent);
    }

    shop.flight.succeed();
    await nextPoll(page);
    await heading(page, 'The shop');
    expect(complaints).toEqual([]);
    // One poll finds the application; then the browser loads the page, and what belongs to it.
    expect(shop.requests.filter((request) => request !== 'poll /')).toEqual(['GET /', 'GET /', 'GET /apple.svg']);
    expect(shop.gate.report()).toMatchObject({ denied: 1, held: 0 });
  });

  test.each(frameworks)('N2: %s: pictures, frames, API calls and posted forms are held instead', async (framework) => {
    const shop = await openShop({ framework });
    const { page, complaints } = await visitor();
    // A page of the shop from before the process began anew.
    const contentType = 'text/html';
    const body = '<form method="post" action="/orders"><button>Order</button></form>';
    await page.route(shop.url, (route) => route.fulfill({ contentType, body }));
    await page.goto(shop.url);
    const answers = page.evaluate(`Promise.all([
      fetch('/api/stock', { headers: { Accept: 'text/html' } }).then((answer) => answer.text()),
      fetch('/orders', { method: 'POST' }).then((answer) => answer.status),
      new Promise((resolve) => {
        const picture = Object.assign(new Image(), { src: '/apple.svg', onload: () => resolve(picture.width) });
      }),
      new Promise((resolve) => {
        const frame = Object.assign(document.createElement('iframe'), { src: '/about' });
        frame.onload = () => resolve(frame.contentDocument.title);
        document.body.append(frame);
      }),
    ])`);
    while (shop.gate.waiting < 4) await turn();
    const { page: other, complaints: others } = await visitor();
    await other.route(shop.url, (route) => route.fulfill({ contentType, body }));
    await other.goto(shop.url);
    await other.getByRole('button').click({ noWaitAfter: true });
    while (shop.gate.waiting < 5) await turn();
    shop.flight.succeed();
    expect(await answers).toEqual(['{"apples":12}', 201, 32, 'About us']);
    await heading(other, 'Ordered');
    expect([...complaints, ...others]).toEqual([]);
    expect(shop.gate.report().denied).toBe(0);
  });

  test('N2: back and forward lead to the application, not to the page that stood in its place', async () => {
    const shop = await openShop();
    const { page } = await visitor();
    await page.goto(shop.url);
    await heading(page, 'Starting');
    await page.goto(`${shop.url}about`); // the visitor goes on, and waits there
    await heading(page, 'Starting');
    shop.flight.succeed();
    await heading(page, 'About us');
    await page.goBack();
    await heading(page, 'The shop');
    await page.goForward();
    await heading(page, 'About us');
    expect(await page.evaluate('history.length')).toBe(3); // about:blank and these two: it was loaded again in place
  });

  test('N2: a page of your own can ask as well', async () => {
    const script = `setInterval(async () => {
      const headers = { 'X-Bootstrap-Gate': 'poll' };
      const answer = await fetch(location.href, { headers, redirect: 'manual' }).catch(() => undefined);
      if (answer && !answer.headers.has('X-Bootstrap-Gate')) location.reload();
    }, 200)`;
    const render = (): string => `<!doctype html><title>Mine</title><h1>Mine</h1><script>${script}</script>`;
    const shop = await openShop({ waitingPage: { render } });
    const { page } = await visitor();
    await page.goto(shop.url);
    await heading(page, 'Mine');
    shop.flight.succeed();
    await heading(page, 'The shop');
  });

  test('N2, F3: without a bootstrap the page loads itself when the next pilot is wanted, and is the pilot', async () => {
    let failPilot = (): void => {};
    const listener = bootstrapGate(
      (req, res) => {
        if (req.url === '/first') failPilot = () => void res.writeHead(500).end();
        else res.setHeader('Content-Type', 'text/html').end('<h1>The shop</h1>');
      },
      { waitingPage: true },
    );
    const { url } = await listen(listener);
    const first = fetch(`${url}first`);
    while (listener.gate.state !== 'booting') await turn();
    const { page, complaints } = await visitor();
    await page.goto(url);
    await heading(page, 'Starting');
    failPilot();
    await (await first).text();
    expect(listener.gate.state).toBe('idle');
    await heading(page, 'The shop');
    expect(listener.gate.ready).toBe(true);
    expect(complaints).toEqual([]);
  });
});
