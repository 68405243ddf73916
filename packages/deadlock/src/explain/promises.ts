/**
 * Which promise waits for which, read from a heap: the reactions of every pending promise, and what could settle it.
 * V8's names for its own functions and fields are in this file alone; they are the same in Node 20 to 26.
 */
import type { Heap } from '../heap/heap.js';

/** Something that happens when a promise settles. */
interface Dependent {
  readonly kind: DependentKind;
  /** The suspended function that would run on, for `await`. */
  readonly frame?: number;
  /** The promise that would settle, for all others. */
  readonly promise?: number;
  /** The callback that would be called first, for `then`. */
  readonly callback?: number;
  readonly reaction: number;
}

/** `module`: the end of a module, for those who import it. `adopt`: the other promise was resolved with this one, or its resolve function was passed to `then`. */
type DependentKind = 'await' | 'then' | 'adopt' | 'module' | Combinator;
export type Combinator = 'Promise.all' | 'Promise.allSettled' | 'Promise.any' | 'Promise.race';

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
const MODULE = 'system / SourceTextModule';
const CAPABILITY = 'system / PromiseCapability';

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

function readReaction(heap: Heap, reaction: number): Dependent[] {
  const found: Dependent[] = [];
  let derived: number | undefined;
  let callback: number | undefined;
  const end = heap.first[reaction + 1] as number;
  for (let edge = heap.first[reaction] as number; edge < end; edge++) {
    if (heap.edgeType(edge) !== 'hidden') continue;
    const target = heap.to(edge);
    const type = heap.type(target);
    if (type === 'closure') {
      const seen = readHandler(heap, target, reaction);
      if (seen === 'callback') callback = target;
      else for (const one of seen) add(found, one);
    } else if (heap.name(target) === CAPABILITY) {
      derived = hiddenTarget(heap, target);
    } else if (type === 'object' && derived === undefined) {
      derived = target;
    }
  }
  // `p.then(resolve, reject)` makes a promise too, that mostly nothing uses.
  if (derived !== undefined && (found.length === 0 || heap.follow(derived, 'reactions_or_result') !== undefined)) {
    found.push({ kind: 'then', promise: derived, reaction, ...(callback !== undefined && { callback }) });
  }
  return found;
}

/** Of the two handlers of an arm of `Promise.all`, one is but the reject function of the whole. */
function add(found: Dependent[], one: Dependent): void {
  const at = found.findIndex((other) => one.frame === other.frame && one.promise === other.promise);
  if (at < 0) found.push(one);
  else if (found[at]?.kind === 'adopt') found[at] = one;
}

/** What V8's own handlers do, by the name of their code; others are callbacks of the program. */
function readHandler(heap: Heap, handler: number, reaction: number): Dependent[] | 'callback' {
  const code = heap.follow(handler, 'code');
  const name = code === undefined ? '' : heap.name(code);
  const context = heap.follow(handler, 'context');
  if (context === undefined) return [];
  if (/^\(Async(Function|Generator)(Await|YieldWithAwait|Return)/.test(name)) {
    const frame = heap.follow(context, 'extension');
    return frame === undefined ? [] : [{ kind: 'await', frame, reaction }];
  }
  if (name.startsWith('(PromiseCapabilityDefaultRe')) {
    const promise = hiddenTarget(heap, context);
    return promise === undefined ? [] : [{ kind: 'adopt', promise, reaction }];
  }
  if (name.startsWith('(CallAsyncModule')) {
    const module = [...heap.targets(context)].find((node) => heap.name(node) === MODULE);
    const promises = module === undefined ? [] : modulePromises(heap, module);
    return promises.map((promise) => ({ kind: 'module', promise, reaction }));
  }
  const [, combinator] = /^\(Promise(All|AllSettled|Any)(?:Resolve|Reject)ElementClosure/.exec(name) ?? [];
  if (combinator) {
    const capability = [...heap.targets(context)].find((node) => heap.name(node) === CAPABILITY);
    const promise = capability === undefined ? undefined : hiddenTarget(heap, capability);
    const kind = combinator === 'All' ? 'Promise.all' : combinator === 'Any' ? 'Promise.any' : 'Promise.allSettled';
    return promise === undefined ? [] : [{ kind, promise, reaction }];
  }
  if (/^\(Promise(Then|Catch)Finally/.test(name)) {
    const user = [...heap.targets(context)].find((node) => heap.location(node) !== undefined);
    return user === undefined ? [] : 'callback';
  }
  return heap.location(handler) ? 'callback' : [];
}

/** The promises of `import()` that settle when the module has run: its own, and those of modules that import it. */
function modulePromises(heap: Heap, module: number): number[] {
  const modules = new Set([module]);
  const promises: number[] = [];
  for (const each of modules) {
    const promise = hiddenTarget(heap, each, 'Promise');
    if (promise !== undefined) promises.push(promise);
    // The last field: who waits for this module. (The list of its own imports is among the others.)
    const end = heap.first[each + 1] as number;
    const fields = [];
    for (let edge = heap.first[each] as number; edge < end; edge++) {
      if (heap.edgeType(edge) === 'hidden') fields.push(edge);
    }
    const last = fields.sort((one, other) => heap.labelIndex(one) - heap.labelIndex(other)).at(-1);
    if (last === undefined) continue;
    for (const parent of heap.targets(heap.to(last))) if (heap.name(parent) === MODULE) modules.add(parent);
  }
  return promises;
}

/** The promise that a context, a capability or an async function carries in a field without a name. */
function hiddenTarget(heap: Heap, node: number, name?: string): number | undefined {
  const end = heap.first[node + 1] as number;
  for (let edge = heap.first[node] as number; edge < end; edge++) {
    const target = heap.to(edge);
    const isField = heap.edgeType(edge) === 'hidden' || heap.label(edge) === 'promise';
    const isNamed = name === undefined ? !heap.name(target).startsWith('system /') : heap.name(target) === name;
    if (isField && isNamed && heap.type(target) === 'object') return target;
  }
  return undefined;
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
