/**
 * Reads the text of a heap snapshot into typed arrays. `JSON.parse` would make a JavaScript array of some ten million
 * numbers first, which costs several times the memory of the heap that is looked at.
 */
export interface Tables {
  readonly meta: Meta;
  /** `meta.node_fields.length` numbers a node. */
  readonly nodes: Uint32Array;
  /** Three numbers an edge: type, name or index, and the offset of the target in `nodes`. */
  readonly edges: Uint32Array;
  /** Four numbers a location: the offset of the node in `nodes`, script id, line, column, the last two from 0. */
  readonly locations: Uint32Array;
  readonly strings: readonly string[];
}

interface Meta {
  readonly node_fields: readonly string[];
  readonly node_types: readonly [readonly string[], ...unknown[]];
  readonly edge_fields: readonly string[];
  readonly edge_types: readonly [readonly string[], ...unknown[]];
}

interface Header {
  readonly meta: Meta;
  readonly node_count: number;
  readonly edge_count: number;
}

export function parse(text: Buffer): Tables {
  const headerAt = text.indexOf('{', text.indexOf('"snapshot"'));
  const nodesAt = text.indexOf('"nodes":[', headerAt);
  const header = JSON.parse(text.toString('utf8', headerAt, text.lastIndexOf('}', nodesAt) + 1)) as Header;
  const { meta, node_count, edge_count } = header;

  const nodes = new Uint32Array(node_count * meta.node_fields.length);
  const afterNodes = readNumbers(text, nodesAt, nodes);
  const edges = new Uint32Array(edge_count * meta.edge_fields.length);
  const afterEdges = readNumbers(text, text.indexOf('"edges":[', afterNodes), edges);

  const locationsAt = text.indexOf('"locations":[', afterEdges);
  const stringsAt = text.indexOf('"strings":[', locationsAt);
  const locations = new Uint32Array(countNumbers(text, locationsAt, stringsAt));
  readNumbers(text, locationsAt, locations);
  const strings = JSON.parse(
    text.toString('utf8', text.indexOf('[', stringsAt), text.lastIndexOf(']') + 1),
  ) as string[];
  return { meta, nodes, edges, locations, strings };
}

const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;
const CLOSE = 0x5d;

/** Fills `into` from the array that begins after `from`, and gives the offset behind it. */
function readNumbers(text: Buffer, from: number, into: Uint32Array): number {
  let at = text.indexOf('[', from) + 1;
  let index = 0;
  let value = 0;
  let digits = 0;
  for (; ; at++) {
    const byte = text[at] as number;
    if (byte >= ZERO && byte <= NINE) {
      value = value * 10 + (byte - ZERO);
      digits++;
    } else if (byte === COMMA || byte === CLOSE || byte === undefined) {
      if (digits > 0) into[index++] = value;
      value = 0;
      digits = 0;
      if (byte !== COMMA) return at;
    }
  }
}

function countNumbers(text: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (text[at] === COMMA) count++;
  return count;
}
