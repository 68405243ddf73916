/** The least of HTTP/1.1 that tells one answer from the next. */
import type { Answer } from '../ledger/entry.js';

export interface Parsed {
  readonly answer: Answer;
  /** Of the data, so much belongs to it. */
  readonly length: number;
}

/**
 * The answer at the beginning of `data`; undefined while it is not all there.
 *
 * @param isOver no more data comes
 */
export function parseAnswer(data: Buffer, isHead: boolean, isOver: boolean): Parsed | undefined {
  const headEnd = data.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [statusLine = '', ...lines] = data.toString('latin1', 0, headEnd).split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1]);
  const headers = Object.fromEntries(lines.map(splitHeader));
  const rest = data.subarray(headEnd + 4);
  const body = isHead || status < 200 || status === 204 || status === 304 ? noBody : bodyOf(rest, headers, isOver);
  return body && { answer: { status, headers, body: body.content }, length: headEnd + 4 + body.length };
}

interface Body {
  readonly content: Buffer;
  readonly length: number;
}

const noBody: Body = { content: Buffer.alloc(0), length: 0 };

function bodyOf(data: Buffer, headers: Record<string, string>, isOver: boolean): Body | undefined {
  if (headers['transfer-encoding'] === 'chunked') return chunkedBody(data);
  const length = Number(headers['content-length']);
  if (Number.isNaN(length)) return isOver ? { content: data, length: data.length } : undefined;
  return data.length < length ? undefined : { content: data.subarray(0, length), length };
}

function chunkedBody(data: Buffer): Body | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = data.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(data.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + size;
    if (data.length < end + 2) return undefined;
    if (size === 0) return { content: Buffer.concat(chunks), length: end + 2 };
    chunks.push(data.subarray(lineEnd + 2, end));
    at = end + 2;
  }
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
