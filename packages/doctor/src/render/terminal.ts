/** The examination on one screen. */
import type { Examination, Finding, Moment } from '../finding.js';
import { diffOf } from '../cure/diff.js';
import { againText, commandText, lineAt, placeText, seconds } from '../text.js';
import { paint, type Paint } from './paint.js';

const LABEL = 15;
const SHOWN_PLACES = 3;
const CODE_WIDTH = 50;

export function toTerminal(examination: Examination, { color }: { readonly color: boolean }): string {
  const p = paint(color);
  const { findings, sound, notExamined } = examination;
  const lines = [
    p.bold(heading(examination)),
    ...examination.timeline.map((moment) => toMoment(moment, p)),
    ...findings.flatMap((finding) => toFinding(finding, p)),
    ...sound.map(({ title }) => `${p.green('✓')} ${title}`),
    ...notExamined.map((why) => `${p.dim('·')} ${p.dim(`not examined: ${why}`)}`),
    ...(findings.length === 0 && examination.examined ? [`${p.green('✓')} Nothing wrong was found.`] : []),
    ...(examination.examined
      ? []
      : [`${p.yellow('?')} Nothing could be examined. Name a path that answers below 400: --path /api/cities`]),
    ...toCure(examination, p),
    ...(findings.length > 0 ? [p.dim(`What it means: ${examination.help}${findings[0]?.code}.md`)] : []),
  ];
  return `${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n`;
}

export function heading({ command, node, starts, tookMs }: Examination): string {
  const version = node === '' ? '' : ` · Node ${node.replace(/^v(\d+\.\d+).*/, '$1')}`;
  return `Doctor · ${commandText(command)}${version} · ${starts} starts, ${seconds(tookMs)} · only GET, only loopback`;
}

function toMoment({ fromMs, toMs, text, place }: Moment, p: Paint): string {
  const time =
    toMs === undefined || Math.round(toMs) === Math.round(fromMs)
      ? `${Math.round(fromMs)}`
      : `${Math.round(fromMs)}–${Math.round(toMs)}`;
  const where = place ? `${placeText(place).padEnd(18)} ${p.dim(short(lineAt(place)))}` : '';
  return `${`${time} ms`.padStart(13)}  ${text.padEnd(24)} ${where}`;
}

function toFinding({ code, level, title, details, places }: Finding, p: Paint): string[] {
  const mark = level === 'error' ? p.red('✗') : p.yellow('!');
  const indent = ' '.repeat(LABEL + 3);
  return [
    `${mark} ${p.bold(code.padEnd(LABEL))} ${title}`,
    ...details.map((detail) => `${indent}${detail}`),
    ...places
      .slice(0, SHOWN_PLACES)
      .map((place) => `${indent}${p.cyan(placeText(place))}  ${p.dim(short(lineAt(place)))}`),
  ];
}

function toCure({ cure, ...examination }: Examination, p: Paint): string[] {
  if (!cure) return [];
  const diff = diffOf(cure.edits).flatMap(({ file, lines }) => [
    `${p.bold('Cure')}  (${file})`,
    ...lines.map(({ sign, text }) => (sign === '+' ? p.green(`  + ${text}`) : p.red(`  - ${text}`))),
  ]);
  const recipe = cure.recipe.length > 0 ? [p.bold('Cure'), ...cure.recipe.map((line) => `  ${line}`)] : [];
  return [...diff, ...recipe, `Then check it:  ${againText(examination)}`];
}

function short(code: string): string {
  return code.length > CODE_WIDTH ? `${code.slice(0, CODE_WIDTH - 1)}…` : code;
}
