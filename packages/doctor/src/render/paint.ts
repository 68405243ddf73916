/** Colours of a terminal that has them. */
export type Paint = Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', (text: string) => string>;

export function paint(color: boolean): Paint {
  const with_ = (code: number, end: number) => (text: string) =>
    color && text !== '' ? `\x1b[${code}m${text}\x1b[${end}m` : text;
  return {
    bold: with_(1, 22),
    dim: with_(2, 22),
    red: with_(31, 39),
    green: with_(32, 39),
    yellow: with_(33, 39),
    cyan: with_(36, 39),
  };
}
