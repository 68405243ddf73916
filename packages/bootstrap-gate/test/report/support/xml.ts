import { SaxesParser } from 'saxes';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  /** Of itself and everything in it. */
  text: string;
}

/** The root of a document. @throws what is wrong with it, if it is not well-formed XML with namespaces */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  const document: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [document];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value]);
    const child: XmlElement = { name, attributes: Object.fromEntries(values), children: [], text: '' };
    open.at(-1)?.children.push(child);
    open.push(child);
  });
  parser.on('text', (part) => open.forEach((element) => (element.text += part)));
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  const [root] = document.children;
  if (!root) throw new Error('there is no root');
  return root;
}

export const descendants = (element: XmlElement): XmlElement[] =>
  element.children.flatMap((child) => [child, ...descendants(child)]);
