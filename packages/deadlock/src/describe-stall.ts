/** One answer to "why does this start not finish?": what is awaited, by whom, and what is open. */
import { explain, type ExplainOptions, type Explanation } from './explain/explain.js';
import { explanationText } from './explain/text.js';
import { openText, type OpenThing, whatIsOpen } from './open/open.js';

export interface StallOptions extends Pick<ExplainOptions, 'maxHeapMb' | 'locateMs'> {
  /** The promises of pending steps under the names to show, such as `step "db" of gate "shop"`. */
  readonly steps?: ExplainOptions['of'];
}

/** What is known about a stall, as plain data. */
export interface Stall extends Explanation {
  readonly open: readonly OpenThing[];
}

/** What can be told synchronously, in an `exit` listener too. */
export function describeStallNow({ steps, ...options }: StallOptions = {}): Stall {
  const stall = { ...explain({ ...options, ...(steps && { of: steps }) }), open: whatIsOpen() };
  return { ...stall, text: stallText(stall) };
}

/** At most a screen of text; empty where nothing is awaited and nothing is open. */
export function stallText(stall: Omit<Stall, 'text' | 'tookMs'>): string {
  const suspects = stall.open.filter(({ isSuspect }) => isSuspect);
  const others = stall.open.filter(({ isSuspect }) => !isSuspect);
  return [
    section('Awaited:', explanationText(stall)),
    section('Open, and a likely reason:', openText(suspects)),
    section('Also open:', openText(others, { maxLines: 4 })),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

const section = (title: string, text: string): string => (text === '' ? '' : `${title}\n${indented(text)}`);
const indented = (text: string): string => text.replace(/^/gm, '  ');
