/**
 * Which promise waits for which, read from a heap: the reactions of every pending promise, and what could settle it.
 * V8's names for its own functions and fields are in this file and in reactions.ts; they are the same in Node 20 to 26.
 */
import type { Heap } from '../heap/heap.js';
import { type Dependent, type DependentKind, hiddenTarget, readReaction } from './reactions.js';

export interface Promises {
  /** What depends on a promise. Only pending promises on which something depends are in it. */
  readonly dependents: ReadonlyMap<number, readonly Dependent[]>;
  /** What a promise waits for: the reverse of `dependents`. */
  readonly sources: ReadonlyMap<number, readonly Source[]>;
  /** The promises that a suspended function awaits. */
  readonly awaits: ReadonlyMap<number, readonly number[]>;
  /** The suspended async function whose result the promise is. */
  readonly frameOf: ReadonlyMap<number, number>;
  readonly resultOf: ReadonlyMap<number, number>;
  /** The resolve and reject functions of a promise, in this order. */
  readonly settlersOf: ReadonlyMap<number, readonly number[]>;
  readonly promiseOfSettler: ReadonlyMap<number, number>;
  /** The first reaction of a pending promise. */
  readonly reactionOf: ReadonlyMap<number, number>;
  /** Reactions, each with its promise. */
  readonly ownerOfReaction: ReadonlyMap<number, number>;
}

interface Source {
  readonly promise: number;
  readonly kind: DependentKind;
  readonly callback?: number;
}

const REACTION = 'system / PromiseReaction';

export function readPromises(heap: Heap): Promises {
  const settlersOf = new Map<number, number[]>();
  const promiseOfSettler = new Map<number, number>();
  const frameOf = new Map<number, number>();
  const resultOf = new Map<number, number>();
  const reactionOf = new Map<number, number>();
  const promises = new Set<number>();

  const label = heap.stringIndex('reactions_or_result');
  const internal = heap.edgeTypeIndex('internal');
  const closure = heap.typeIndex('closure');
  const reactionName = heap.stringIndex(REACTION);
  const generators: number[] = [];
  const generatorNames = new Set(['Generator', 'AsyncGenerator'].map((name) => heap.stringIndex(name)));
  const object = heap.typeIndex('object');
  const codeLabel = heap.stringIndex('code');

  for (let node = 0; node < heap.count; node++) {
    if (heap.isType(node, closure)) readSettler(node);
    else if (heap.isType(node, object)) readObject(node);
  }
  for (const generator of generators) readFrame(generator);

  function readObject(node: number): void {
    if (generatorNames.has(heap.nameIndex(node))) generators.push(node);
    const end = heap.first[node + 1] as number;
    for (let edge = heap.first[node] as number; edge < end; edge++) {
      if (heap.labelIndex(edge) !== label || heap.edgeTypeOf(edge) !== internal) continue;
      promises.add(node);
      if (heap.nameIndex(heap.to(edge)) === reactionName) reactionOf.set(node, heap.to(edge));
    }
  }

  function readSettler(node: number): void {
    const end = heap.first[node + 1] as number;
    for (let edge = heap.first[node] as number; edge < end; edge++) {
      if (heap.labelIndex(edge) !== codeLabel || heap.edgeTypeOf(edge) !== internal) continue;
      const code = heap.name(heap.to(edge));
      if (!code.startsWith('(PromiseCapabilityDefaultRe')) return;
      const context = heap.follow(node, 'context');
      const promise = context === undefined ? undefined : hiddenTarget(heap, context);
      if (promise === undefined) return;
      promiseOfSettler.set(node, promise);
      const those = settlersOf.get(promise) ?? [];
      settlersOf.set(promise, code.includes('Resolve') ? [node, ...those] : [...those, node]);
    }
  }

  function readFrame(generator: number): void {
    if (heap.name(generator) === 'AsyncGenerator') {
      // The promises of the calls of next() that are not answered yet.
      for (let request = heap.follow(generator, 'queue'); request !== undefined; request = nextRequest(heap, request)) {
        for (const target of heap.targets(request)) if (isPromise(target)) frameOf.set(target, generator);
      }
      return;
    }
    const promise = hiddenTarget(heap, generator);
    if (promise === undefined) return;
    frameOf.set(promise, generator);
    resultOf.set(generator, promise);
  }

  function isPromise(node: number): boolean {
    return promises.has(node) || (heap.isType(node, object) && heap.name(node) === 'Promise');
  }

  const dependents = new Map<number, Dependent[]>();
  const ownerOfReaction = new Map<number, number>();
  for (const [promise, first] of reactionOf) {
    let reaction: number | undefined = first;
    while (reaction !== undefined) {
      ownerOfReaction.set(reaction, promise);
      for (const dependent of readReaction(heap, reaction)) push(dependents, promise, dependent);
      reaction = nextReaction(heap, reaction, reactionName);
    }
  }

  const sources = new Map<number, Source[]>();
  const awaits = new Map<number, number[]>();
  for (const [promise, those] of dependents) {
    for (const { kind, frame, promise: target, callback } of those) {
      if (frame !== undefined) push(awaits, frame, promise);
      else if (target !== undefined)
        push(sources, target, { promise, kind, ...(callback !== undefined && { callback }) });
    }
  }
  // Of a race only the way in tells: it hands one pair of functions to several promises.
  for (const those of sources.values()) {
    if (those.filter(({ kind }) => kind === 'adopt').length > 1) {
      for (const source of those) if (source.kind === 'adopt') Object.assign(source, { kind: 'Promise.race' });
    }
  }

  return {
    dependents,
    sources,
    awaits,
    frameOf,
    resultOf,
    settlersOf,
    promiseOfSettler,
    reactionOf,
    ownerOfReaction,
  };
}

function nextReaction(heap: Heap, reaction: number, name: number): number | undefined {
  for (const target of heap.targets(reaction)) if (heap.nameIndex(target) === name) return target;
  return undefined;
}

function nextRequest(heap: Heap, request: number): number | undefined {
  for (const target of heap.targets(request)) if (heap.name(target) === heap.name(request)) return target;
  return undefined;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
