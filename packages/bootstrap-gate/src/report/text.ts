/** Texts that are harmless in a terminal and in XML, in as many cells as there are, and durations to be read. */
import stringWidth from 'string-width';

/** Nobody reads more of a name or of an error in a picture. */
const LONGEST = 300;

/** Spaces of all kinds, control codes, halves of characters, changes of writing direction, and what no character is. */
const HARMFUL = /[\s\p{Cc}\p{Cs}\p{Bidi_Control}\p{Noncharacter_Code_Point}]+/gu;

/** One line without control codes, whatever a step calls itself. Never empty. */
export function plain(text: unknown): string {
  return String(text).slice(0, LONGEST).replace(HARMFUL, ' ').trim() || '(no name)';
}

/** How many cells of a terminal a text takes. */
export const cells = (text: string): number => stringWidth(text);

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The text, or its beginning and an ellipsis, in `width` cells at most. */
export function fit(text: string, width: number): string {
  if (cells(text) <= width) return text;
  let kept = '';
  let left = width - 1;
  for (const { segment } of graphemes.segment(text)) {
    left -= cells(segment);
    if (left < 0) break;
    kept += segment;
  }
  return width > 0 ? `${kept}…` : '';
}

/** Such as `312 ms`, `4.21 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
