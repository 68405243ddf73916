/** A heap snapshot of V8 as flat arrays. The text is some ten times as large as these, and is never made into objects. */
import type * as nodeV8 from 'node:v8';
import { builtIn } from './built-in.js';

/** Edges are triples: kind, name (an index of `strings`, or a number for elements and hidden ones), target node. */
export interface HeapSnapshot {
  readonly count: number;
  readonly strings: readonly string[];
  readonly edges: Uint32Array;
  /** Where the edges of a node begin; those of the next one end them. */
  readonly firstEdge: Uint32Array;
  readonly edgeKinds: readonly string[];
  nameOf(node: number): number;
  kindOf(node: number): string;
  /** Zero-based line and column of a function, or of the `await` at which a suspended function stands. */
  locationOf(node: number): { readonly line: number; readonly column: number } | undefined;
}

interface Meta {
  readonly node_fields: readonly string[];
  readonly node_types: readonly [readonly string[]];
  readonly edge_fields: readonly string[];
  readonly edge_types: readonly [readonly string[]];
}

/** @returns undefined where the runtime gives no snapshot, or one of another form */
export function takeHeapSnapshot(): HeapSnapshot | undefined {
  try {
    const text = readText();
    return text && parse(text);
  } catch {
    return undefined;
  }
}

function readText(): Buffer | undefined {
  const stream = builtIn<typeof nodeV8>('node:v8')?.getHeapSnapshot();
  if (!stream) return undefined;
  const chunks: Buffer[] = [];
  for (let chunk = stream.read() as Buffer | null; chunk; chunk = stream.read() as Buffer | null) chunks.push(chunk);
  stream.destroy();
  return Buffer.concat(chunks);
}

function parse(text: Buffer): HeapSnapshot | undefined {
  const head = text.subarray(0, text.indexOf('"nodes":[')).toString().trim().replace(/,$/, '');
  const { meta } = (JSON.parse(`${head}}`) as { snapshot: { meta: Meta } }).snapshot;
  if (meta.edge_fields.join() !== 'type,name_or_index,to_node') return undefined;
  const fields = meta.node_fields.length;
  const [kind, name, edgeCount] = ['type', 'name', 'edge_count'].map((field) => meta.node_fields.indexOf(field)) as [
    number,
    number,
    number,
  ];
  if (kind !== 0 || name !== 1 || edgeCount < 0) return undefined;

  const nodes = numbers(text, 'nodes');
  const edges = numbers(text, 'edges');
  const count = nodes.length / fields;
  for (let i = 2; i < edges.length; i += 3) edges[i] = edges[i]! / fields;
  const firstEdge = new Uint32Array(count + 1);
  for (let node = 0; node < count; node++)
    firstEdge[node + 1] = firstEdge[node]! + nodes[node * fields + edgeCount]! * 3;
  const locations = numbers(text, 'locations');
  return {
    count,
    strings: JSON.parse(text.subarray(text.indexOf('"strings":[') + 10, text.lastIndexOf('}')).toString()) as string[],
    edges,
    firstEdge,
    edgeKinds: meta.edge_types[0],
    nameOf: (node) => nodes[node * fields + 1]!,
    kindOf: (node) => meta.node_types[0][nodes[node * fields]!]!,
    locationOf(node) {
      for (let i = 0; i < locations.length; i += 4) {
        if (locations[i] === node * fields) return { line: locations[i + 2]!, column: locations[i + 3]! };
      }
      return undefined;
    },
  };
}

const [ZERO, NINE, END] = [48, 57, 93];

/** The numbers of one array of the text. */
function numbers(text: Buffer, key: string): Uint32Array {
  let result = new Uint32Array(1 << 16);
  let length = 0;
  let value = -1;
  for (let i = text.indexOf(`"${key}":[`) + key.length + 4; i < text.length; i++) {
    const code = text[i]!;
    if (code >= ZERO && code <= NINE) {
      value = (value < 0 ? 0 : value * 10) + code - ZERO;
      continue;
    }
    if (value >= 0) {
      if (length === result.length) {
        const larger = new Uint32Array(length * 2);
        larger.set(result);
        result = larger;
      }
      result[length++] = value;
      value = -1;
    }
    if (code === END) break;
  }
  return result.subarray(0, length);
}
