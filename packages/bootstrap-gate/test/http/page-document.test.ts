/** The waiting page as a document. What its script does in a browser is tried in examples/waiting-page. */
import { createServer } from 'node:http';
import { Script } from 'node:vm';
import { bootstrapGate } from '../../src/doors/node/index.js';
import { atEnd, listen, send } from '../doors/node/support/network.js';
import { never } from '../doors/node/support/never.js';

async function pageOf(waitingPage: true | { title: string }): Promise<string> {
  const listener = bootstrapGate(() => {}, { bootstrap: never, waitingPage });
  atEnd(() => void listener.gate.close());
  const port = await listen(createServer(listener));
  return (await send(port, { headers: { Accept: 'text/html' } })).body;
}

const inside = (page: string, element: string): string =>
  new RegExp(`<${element}[^>]*>(.*)</${element}>`, 's').exec(page)?.[1] ?? '';

test('N2: the title is that of the page and its heading, "Starting" by default', async () => {
  for (const [options, title] of [
    [true, 'Starting'],
    [{ title: 'Shop' }, 'Shop'],
  ] as const) {
    const page = await pageOf(options);
    expect([inside(page, 'title'), inside(page, 'h1')]).toEqual([title, title]);
  }
});

test('N2: a page that has nothing to tell shows an empty list, and a bar without a value', async () => {
  const page = await pageOf(true);
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">\n/);
  expect(page).toContain('<meta http-equiv="refresh" content="5">');
  expect(page).toContain(
    '<progress id="bar" aria-label="Progress" max="100"></progress>\n<span id="percent"></span>\n',
  );
  expect(page).toContain('<ul id="details"></ul>');
  expect(page).toMatch(/<\/script>\n<\/body>\n<\/html>\n$/);
});

test('N2: the style goes out without the blanks that mean nothing, and with those that do', async () => {
  const style = inside(await pageOf(true), 'style');
  expect(style).toMatch(/^:root\{color-scheme:light dark;--paper:#f7f8fa;--ink:#1b2430;/);
  expect(style).toMatch(/@keyframes drift\{from\{background-position:-60% 0\}to\{background-position:160% 0\}\}$/);
  expect(style).toContain('body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--paper);');
  expect(style).toContain('li.failed{color:var(--bad)}div{display:flex;');
  expect(style).toContain('ul{margin:1.5rem 0;padding-left:1.25rem;');
  expect(style).not.toMatch(/\s[{}:;,]|[{}:;,]\s|;\}|\n/);
});

test('N2: the script goes out without the blanks that mean nothing, and is a script', async () => {
  const script = inside(await pageOf(true), 'script');
  expect(script).toMatch(/^\(async \(\) => \{const \[main, text, bar/);
  expect(script).toMatch(/\n\}\)\(\);$/);
  expect(script).toContain('let seconds = parseInt(time.textContent);let missed = 0;');
  expect(script).toContain('const answer = await fetch(location.href, {headers: { "X-Bootstrap-Gate": "poll" }, ');
  expect(script).toContain('if (far === null) bar.removeAttribute("value");else bar.value = far;');
  expect(script).not.toMatch(/^\s|[{(;]\n/m);
  expect(() => new Script(script)).not.toThrow();
});
