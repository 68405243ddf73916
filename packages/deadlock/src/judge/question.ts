/** What the judge is asked, and how it finds the objects concerned in a snapshot: by an array each, hung on one object. */
import { processWide } from '../process-wide.js';
import type { Token } from '../token.js';
import { type HeapSnapshot, takeHeapSnapshot } from './heap-snapshot.js';

/** One wait as the judge sees it. */
interface Asked {
  /** The promise that is awaited, or an object through which alone the end of the wait comes, such as a request. */
  readonly subject: object;
  readonly isPromise: boolean;
  /** Of `question.tokens`. */
  readonly tokens: readonly number[];
  readonly needs: 'all' | 'any';
}

export interface Question {
  readonly waits: readonly Asked[];
  readonly tokens: readonly Token[];
  /** Which tokens prove nothing when nothing has them; indexes of `tokens`. */
  readonly replaceable: readonly number[];
  /** What the judge does not follow: the bookkeeping, which knows everybody. */
  readonly ignored: readonly object[];
  /** Is told whether anything alive reaches them, the bookkeeping apart. */
  readonly watched: readonly object[];
}

/** The same as nodes. */
export interface QuestionNodes {
  readonly subjects: readonly number[];
  readonly tokens: readonly number[];
  readonly ignored: readonly number[];
  readonly watched: readonly number[];
}

// Set one by one: an object literal has a template in the heap that looks like a second question.
const keys = { subjects: 'bg asks 1', tokens: 'bg asks 2', ignored: 'bg asks 3', watched: 'bg asks 4' };

/**
 * Takes a snapshot in which the question can be found. It is made by a function, and lies where the judge does not look: what
 * the stack has while the snapshot is taken counts as alive.
 */
export function snapshotWith(ask: () => Question): { heap: HeapSnapshot | undefined; question: Question } {
  pose(ask);
  const heap = takeHeapSnapshot();
  const { question } = processWide.probe as { question: Question };
  processWide.probe = undefined;
  return { heap, question };
}

function pose(ask: () => Question): void {
  const question = ask();
  const probe = Object.create(null) as Record<string, unknown>;
  probe[keys.subjects] = question.waits.map(({ subject }) => subject);
  probe[keys.tokens] = question.tokens;
  probe[keys.ignored] = [...question.ignored, probe];
  probe[keys.watched] = question.watched;
  probe.question = question;
  processWide.probe = probe;
}

/** @returns undefined where the question is not in the snapshot as expected, which is then not understood */
export function findQuestion(heap: HeapSnapshot, question: Question): QuestionNodes | undefined {
  const lists = {
    subjects: question.waits.length,
    tokens: question.tokens.length,
    ignored: question.ignored.length + 1,
    watched: question.watched.length,
  };
  const found: Partial<Record<keyof QuestionNodes, number[]>> = {};
  for (const list of Object.keys(lists) as (keyof QuestionNodes)[]) {
    const name = heap.strings.indexOf(keys[list]);
    for (let i = 0; name >= 0 && i < heap.edges.length; i += 3) {
      if (heap.edges[i + 1] !== name || heap.edgeKinds[heap.edges[i]!] !== 'property') continue;
      const elements = elementsOf(heap, heap.edges[i + 2]!);
      if (elements.length === lists[list] && !elements.includes(undefined)) found[list] = elements as number[];
    }
    if (!found[list]) return undefined;
  }
  return found as QuestionNodes;
}

function elementsOf(heap: HeapSnapshot, array: number): (number | undefined)[] {
  const elements: (number | undefined)[] = [];
  const end = heap.firstEdge[array + 1]!;
  for (let i = heap.firstEdge[array]!; i < end; i += 3) {
    if (heap.edgeKinds[heap.edges[i]!] === 'element') elements[heap.edges[i + 1]!] = heap.edges[i + 2]!;
  }
  return elements;
}
