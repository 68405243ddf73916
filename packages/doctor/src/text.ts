/** Figures and places as people read them. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Place } from './journal-entry.js';
import { redact } from './redact.js';

export function seconds(ms: number): string {
  if (ms < 1_000) return `${Math.max(1, Math.round(ms))} ms`;
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/** `16 × 404`, or `404` where there is nothing else. */
export function tally(answers: readonly { readonly status: number | string }[]): string {
  const counts = new Map<number | string, number>();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  if (counts.size === 1) return String(answers[0]?.status);
  return [...counts].map(([status, count]) => `${count} × ${status}`).join(', ');
}

export function placeText({ file, line }: Place): string {
  const path = relative(process.cwd(), file);
  return `${path.startsWith('..') ? file : path}:${line}`;
}

/** The line of code at a place, without what could be secret in it. */
export function lineAt({ file, line }: Place): string {
  try {
    return redact(readFileSync(file, 'utf8').split('\n')[line - 1]?.trim() ?? '');
  } catch {
    return '';
  }
}

/** The command line that examines the same once more. */
export function againText({ options, command }: { options: readonly string[]; command: readonly string[] }): string {
  return [
    'npx @bootstrap-gate/doctor',
    ...(options.length > 0 ? [commandText(options)] : []),
    '--',
    commandText(command),
  ].join(' ');
}

export function commandText(command: readonly string[]): string {
  return redact(command.map((word) => (/[\s"']/.test(word) ? JSON.stringify(word) : word)).join(' '));
}
