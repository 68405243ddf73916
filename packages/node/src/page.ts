/** The page that a browser shows while the application starts. It loads itself again until the application answers. */
import { type BootstrapGate, messageOf, warn } from '@bootstrap-gate/core/adapter';
import type { AttemptReport, GateReport } from '@bootstrap-gate/core';
import type { Answer } from './answer.js';
import type { AdmissionSettings } from './options.js';

const RELOAD_SECONDS = 2;

export function waitingPage(
  gate: BootstrapGate<unknown>,
  { title, render }: NonNullable<AdmissionSettings['waitingPage']>,
  expose: boolean,
  headers: Readonly<Record<string, string>>,
): Answer {
  const report = gate.report();
  try {
    const body = render ? render(report) : page(title, report, expose);
    if (typeof body !== 'string') throw new TypeError('it must return a string');
    const security = render ? {} : { 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'" };
    return { status: 503, headers: { 'Content-Type': 'text/html; charset=utf-8', ...security, ...headers }, body };
  } catch (error) {
    warn('GATE_CALLBACK_FAILED', `The waiting page of gate "${gate.name}" failed: ${messageOf(error)}`, error);
    const plain = { 'Content-Type': 'text/plain; charset=utf-8', ...headers };
    return { status: 503, headers: plain, body: 'The application is not ready.\n' };
  }
}

function page(title: string, report: GateReport, expose: boolean): string {
  const attempt = report.attempts.at(-1);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${RELOAD_SECONDS}">
<title>${escape(title)}</title>
<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem}progress{width:100%}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<p>The application is not ready yet. This page loads itself again.</p>
${attempt ? progress(attempt) : ''}${attempt && expose ? steps(attempt) : ''}</main>
</body>
</html>
`;
}

function progress({ progress }: AttemptReport): string {
  if (!progress) return '';
  const percent = Math.round(progress.fraction * 100);
  return `<p><progress aria-label="Progress" max="100" value="${percent}">${percent} %</progress></p>\n`;
}

function steps({ steps, progress, error }: AttemptReport): string {
  const lines = steps.map((step) => {
    const detail = step.error ?? step.progress?.text;
    return `<li>${escape(step.name)}: ${step.state}${detail ? ` (${escape(detail)})` : ''}</li>\n`;
  });
  const texts = [progress?.text, error].map((text) => (text ? `<p>${escape(text)}</p>\n` : ''));
  return `${texts.join('')}<ul>\n${lines.join('')}</ul>\n`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
