/** The examination as data, with the excerpts of code that the places stand for. */
import type { Examination } from '../finding.js';
import { lineAt } from '../text.js';

export function toJson(examination: Examination): string {
  const withCode = (key: string, value: unknown): unknown => {
    if (key !== 'places' || !Array.isArray(value)) return value;
    return value.map((place: { file: string; line: number; column: number }) => ({ ...place, code: lineAt(place) }));
  };
  return `${JSON.stringify(examination, withCode, 2)}\n`;
}
