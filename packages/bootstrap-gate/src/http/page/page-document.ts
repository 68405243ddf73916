/** The waiting page as HTML: all in one, since nothing else can be loaded yet. */
import type { PageView } from './page-view.js';

/** Where scripts are off; the script asks after 1 to 5 s. */
const REFRESH_SECONDS = 5;

export function pageDocument(title: string, view: PageView, nonce: string): string {
  const { state, text, percent, seconds, details } = view;
  const items = details.map((detail) => `<li class="${detail.state}">${escape(detail.text)}</li>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<noscript><meta http-equiv="refresh" content="${REFRESH_SECONDS}"></noscript>
<title>${escape(title)}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${style}</style>
</head>
<body>
<main class="${state}">
<h1>${escape(title)}</h1>
<p id="text" role="status">${escape(text)}</p>
<div>
<progress id="bar" aria-label="Progress" max="100"${percent === null ? '' : ` value="${percent}"`}></progress>
<span id="percent">${percent === null ? '' : `${percent} %`}</span>
<span id="time" role="timer" aria-label="Time so far">${seconds === null ? '' : `${seconds} s`}</span>
</div>
<ul id="details">${items.join('')}</ul>
</main>
<script nonce="${nonce}">${script}</script>
</body>
</html>
`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

/** Nothing moves for those who asked their system for that, and colours that the system forces are used. */
const style = compactStyle(`
:root {
  color-scheme: light dark;
  --paper: #f7f8fa; --ink: #1b2430; --soft: #556072; --line: #dce1e8; --accent: #2f6fde; --bad: #9c4300;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171c; --ink: #e9ecf1; --soft: #9da8b8; --line: #2d343f; --accent: #6b9fff; --bad: #f2a65f; }
}
body {
  margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
main { box-sizing: border-box; width: min(30rem, 100%); padding: 2rem 1.5rem 4rem; }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; }
p { margin: 0; color: var(--soft); }
.failed p, li.failed { color: var(--bad); }
div { display: flex; flex-wrap: wrap; color: var(--soft); font-size: .875rem; }
.lost div { visibility: hidden; }
#time { margin-left: auto; min-width: 1px; min-height: 1.5em; }
progress {
  appearance: none; width: 100%; height: .375rem; margin: 1.5rem 0 .5rem;
  border: 0; border-radius: 1rem; overflow: hidden; background: var(--line);
}
progress:indeterminate {
  background: linear-gradient(90deg, transparent, var(--accent), transparent) 50% 0 / 40% 100% no-repeat var(--line);
}
progress::-webkit-progress-bar { background: none; }
progress::-webkit-progress-value { background: var(--accent); }
progress::-moz-progress-bar { background: var(--accent); }
progress:indeterminate::-moz-progress-bar { background: none; }
ul { margin: 1.5rem 0; padding-left: 1.25rem; color: var(--soft); font-size: .875rem; list-style: "· "; white-space: pre-wrap; }
ul:empty, .failed div { display: none; }
.done { list-style: "✓ "; }
.failed, .aborted { list-style: "✕ "; }
@media (forced-colors: active) {
  :root { --line: Canvas; --accent: CanvasText; }
  progress { border: 1px solid; forced-color-adjust: none; }
}
@media (prefers-reduced-motion: no-preference) {
  progress:indeterminate { animation: drift 2.5s ease-in-out infinite alternate; }
  progress::-webkit-progress-value { transition: inline-size .6s; }
}
@keyframes drift { from { background-position: -60% 0 } to { background-position: 160% 0 } }
`);

/**
 * Asks how far the start is, less and less often, and not while nobody looks. An answer without the mark comes from the
 * application, so the page can be loaded; only that 502, 503 and 504 come from a proxy that found no server. Redirects
 * are not followed: the application's may lead to where the page must not ask. One poll that fails says nothing, since
 * the browser ends it when somebody leaves the page.
 */
const script = compactScript(`
(async () => {
  const [main, text, bar, percent, time, details] = document.querySelectorAll("main, main [id]");
  let seconds = parseInt(time.textContent);
  let missed = 0;
  const say = (state, words) => {
    main.className = state;
    if (text.textContent !== words) text.textContent = words;
  };
  const tell = () => time.textContent = seconds >= 0 ? seconds + " s" : "";
  const show = (view) => {
    say(view.state, view.text);
    seconds = view.seconds ?? NaN;
    tell();
    const far = view.percent;
    if (far === null) bar.removeAttribute("value");
    else bar.value = far;
    percent.textContent = far === null ? "" : far + " %";
    details.replaceChildren(...view.details.map(({ state, text }) =>
      Object.assign(document.createElement("li"), { className: state, textContent: text })));
  };
  setInterval(() => { seconds++; tell(); }, 1000);
  for (let delay = 1000; ; delay = Math.min(delay * 1.5, 5000)) {
    await new Promise((resolve) => setTimeout(resolve, delay));
    while (document.hidden) {
      await new Promise((resolve) => document.onvisibilitychange = resolve);
      delay = 1000;
    }
    let view;
    try {
      const answer = await fetch(location.href, {
        headers: { "X-Bootstrap-Gate": "poll" }, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout?.(30000)
      });
      if (answer.headers.has("X-Bootstrap-Gate")) view = await answer.json();
      else if (![502, 503, 504].includes(answer.status)) {
        say("", "Opening the application.");
        return location.reload();
      }
    } catch {}
    missed = view?.details ? 0 : missed + 1;
    if (!missed) show(view);
    else if (missed > 1) say("lost", "The server does not answer. This page keeps trying.");
  }
})();
`);

function compactStyle(source: string): string {
  return source.replace(/;?\s*([{}:;,])\s*/g, '$1');
}

/** Keeps the ends of the lines where a statement may end. */
function compactScript(source: string): string {
  return source.trim().replace(/(?<=[{(;])\n|(?<=\n)\s+/g, '');
}
