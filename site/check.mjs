// Looks at the built site as its readers do: follows every internal link to its anchor, opens every page in Chromium at
// three widths, where nothing may need horizontal scrolling, and has axe look at it in light and dark. Needs a build.
// `npm run docs:check -- faq` looks at some pages only; links are followed everywhere.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from '../scripts/workspace.mjs';

const dist = `${root}site/dist`;
const base = '/bootstrap-gate/';
const WIDTHS = [320, 768, 1440];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

const server = createServer((req, res) => {
  const file = fileOf(new URL(req.url, 'http://localhost').pathname);
  if (!file) return res.writeHead(404).end();
  res.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file));
}).listen(0, '127.0.0.1');
const origin = await new Promise((resolve) =>
  server.once('listening', () => resolve(`http://127.0.0.1:${server.address().port}`)),
);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const problems = [];
const pages = new Map();
try {
  await crawl();
  checkAnchors();
  checkCodes();
  if (pages.size < 60) problems.push(`only ${pages.size} pages can be reached`);
  await look('light');
  await look('dark');
} finally {
  await browser.close();
  server.close();
}
for (const problem of problems) console.error(problem);
console.log(`${pages.size} pages, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** As GitHub Pages does it: a path without an end is that of a page. */
function fileOf(path) {
  if (!path.startsWith(base)) return undefined;
  const name = decodeURIComponent(path.slice(base.length));
  const candidates = name === '' || name.endsWith('/') ? [`${name}index.html`] : [name, `${name}.html`];
  return candidates.map((candidate) => join(dist, candidate)).find((file) => extname(file) && existsSync(file));
}

/** Every page that can be reached from the first one: its ids, and its links. */
async function crawl() {
  const queue = [base];
  const page = await (await browser.newContext({ javaScriptEnabled: true })).newPage();
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const file = fileOf(path);
    if (!file || !file.endsWith('.html') || pages.has(file)) continue;
    const found = await page.evaluate(parse, { html: readFileSync(file, 'utf8'), url: `http://site${path}` });
    pages.set(file, { path, ...found });
    queue.push(...found.links.map((link) => new URL(link).pathname));
  }
  await page.context().close();
}

/** Runs in the browser. */
function parse({ html, url }) {
  const parsed = new globalThis.DOMParser().parseFromString(html, 'text/html');
  const links = [...parsed.querySelectorAll('a[href], img[src]')].map(
    (element) => new URL(element.getAttribute('href') ?? element.getAttribute('src'), url),
  );
  return {
    ids: [...parsed.querySelectorAll('[id]')].map(({ id }) => id),
    links: links.filter(({ host }) => host === 'site').map(String),
  };
}

function checkAnchors() {
  for (const { path, links } of pages.values()) {
    for (const link of new Set(links)) {
      const { pathname, hash } = new URL(link);
      const file = fileOf(pathname);
      const anchor = decodeURIComponent(hash.slice(1));
      if (!file) problems.push(`${path}: ${pathname} leads to nothing`);
      else if (anchor && pages.has(file) && !pages.get(file).ids.includes(anchor)) {
        problems.push(`${path}: ${pathname} has no #${anchor}`);
      }
    }
  }
}

/** Messages end with the address of their code's page; `helpOf` makes it. */
function checkCodes() {
  const sources = ['bootstrap-gate', 'deadlock'].flatMap((name) => filesUnder(`${root}packages/${name}/src`));
  const printed = new Set(
    sources.flatMap((file) => readFileSync(file, 'utf8').match(/(?<=')(ERR_)?GATE_[A-Z_]+(?=')/g) ?? []),
  );
  const explained = new Set(readdirSync(join(dist, 'errors')).map((name) => name.replace(/\.html$/, '')));
  for (const code of printed) if (!explained.has(code)) problems.push(`${code} has no page`);
  for (const code of explained) if (!printed.has(code)) problems.push(`nothing prints ${code}, which has a page`);
}

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

async function look(colorScheme) {
  const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
  const chosen = (path) => asked.length === 0 || asked.some((part) => path.includes(part));
  const queue = [...pages.values()].map(({ path }) => path).filter(chosen);
  await Promise.all([lookAtAll(), lookAtAll()]);
  await context.close();

  async function lookAtAll() {
    const page = await context.newPage();
    page.on('pageerror', ({ message }) => problems.push(`${page.url()}: ${message}`));
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      await page.goto(origin + path, { waitUntil: 'load' });
      for (const width of colorScheme === 'light' ? WIDTHS : []) {
        await page.setViewportSize({ width, height: 900 });
        const over = await page.evaluate(() => globalThis.document.documentElement.scrollWidth - globalThis.innerWidth);
        if (over > 0) problems.push(`${path} is ${over} px too wide at ${width} px`);
      }
      await page.evaluate(axe);
      const violations = await page.evaluate(async () =>
        (await globalThis.axe.run()).violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .map(({ target }) => target.join(' '))
              .slice(0, 3)
              .join(', ')}`,
        ),
      );
      problems.push(...violations.map((violation) => `${path} (${colorScheme}) ${violation}`));
    }
  }
}
