/** Markup, as text. What comes from a report goes through `escape`. */
export type Attributes = Readonly<Record<string, string | number>>;

/** @param content markup: other elements, or text that was escaped */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(rounded(value))}"`);
  return content.length > 0 ? `<${name}${given.join('')}>${content.join('')}</${name}>` : `<${name}${given.join('')}/>`;
}

export const label = (x: number, y: number, kind: string, text: string, rest: Attributes = {}): string =>
  element('text', { x, y, class: kind, ...rest }, escape(text));

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

const rounded = (value: string | number): string =>
  String(typeof value === 'number' ? Math.round(value * 10) / 10 : value);
