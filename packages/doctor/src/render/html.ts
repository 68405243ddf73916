/** The examination as one page: no script, nothing loaded from elsewhere, light and dark. */
import type { Cure, Examination, Finding, Moment } from '../finding.js';
import { diffOf } from '../cure/diff.js';
import { againText, commandText, lineAt, placeText } from '../text.js';
import { picture } from './picture.js';
import { STYLE } from './style.js';
import { heading } from './terminal.js';
import { escape } from './escape.js';

export function toHtml(examination: Examination): string {
  const { findings, sound, notExamined, timeline, cure, command } = examination;
  const title = `${findings.length === 0 ? 'Sound' : findings.map(({ code }) => code).join(', ')}: ${commandText(command)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escape(commandText(command))}</h1>
<p class="dim">${escape(heading(examination))}</p>
${picture(examination)}
<h2>The start</h2>
<table>${timeline.map(moment).join('')}</table>
${findings.length > 0 ? `<h2>What was found</h2>${findings.map((one) => finding(one, examination.help)).join('')}` : ''}
${sound.length > 0 || findings.length === 0 ? `<h2>What is sound</h2><ul>${soundList(examination)}</ul>` : ''}
${notExamined.length > 0 ? `<h2>What was not examined</h2><ul>${notExamined.map((why) => `<li>${escape(why)}</li>`).join('')}</ul>` : ''}
${cure ? `<h2>Cure</h2>${cureOf(cure)}<p>Then check it: <code>${escape(againText(examination))}</code></p>` : ''}
</main>
</body>
</html>
`;
}

function soundList({ sound, findings, examined }: Examination): string {
  const all = [
    ...sound.map(({ title }) => title),
    ...(findings.length === 0 && examined ? ['Nothing wrong was found.'] : []),
  ];
  return all.map((title) => `<li class="ok">${escape(title)}</li>`).join('');
}

function moment({ fromMs, toMs, text, place }: Moment): string {
  const time = toMs === undefined ? `${Math.round(fromMs)}` : `${Math.round(fromMs)}–${Math.round(toMs)}`;
  const where = place
    ? `<code>${escape(placeText(place))}</code> <code class="dim">${escape(lineAt(place))}</code>`
    : '';
  return `<tr><td class="num">${time} ms</td><td>${escape(text)}</td><td>${where}</td></tr>`;
}

function finding({ code, level, title, details, places }: Finding, help: string): string {
  const lines = places.map(
    (place) => `<li><code>${escape(placeText(place))}</code> <code class="dim">${escape(lineAt(place))}</code></li>`,
  );
  return `<section class="${level}">
<h3><a href="${help}${code}.md">${code}</a></h3>
<p>${escape(title)}</p>
${details.length > 0 ? `<ul>${details.map((detail) => `<li>${escape(detail)}</li>`).join('')}</ul>` : ''}
${lines.length > 0 ? `<ul class="places">${lines.join('')}</ul>` : ''}
</section>`;
}

function cureOf({ edits, recipe }: Cure): string {
  const diffs = diffOf(edits).map(({ file, lines }) => {
    const body = lines.map(
      ({ sign, text }) => `<span class="${sign === '+' ? 'add' : 'remove'}">${sign} ${escape(text)}</span>`,
    );
    return `<p><code>${escape(file)}</code></p><pre>${body.join('\n')}</pre>`;
  });
  return diffs.join('') + (recipe.length > 0 ? `<pre>${recipe.map(escape).join('\n')}</pre>` : '');
}
