/** What happens when a promise settles, by the functions that V8 has put into its reactions. */
import type { Heap } from '../heap/heap.js';

/** Something that happens when a promise settles. */
export interface Dependent {
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
export type DependentKind = 'await' | 'then' | 'adopt' | 'module' | Combinator;
export type Combinator = 'Promise.all' | 'Promise.allSettled' | 'Promise.any' | 'Promise.race';

const MODULE = 'system / SourceTextModule';
const CAPABILITY = 'system / PromiseCapability';

export function readReaction(heap: Heap, reaction: number): Dependent[] {
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
export function hiddenTarget(heap: Heap, node: number, name?: string): number | undefined {
  const end = heap.first[node + 1] as number;
  for (let edge = heap.first[node] as number; edge < end; edge++) {
    const target = heap.to(edge);
    const isField = heap.edgeType(edge) === 'hidden' || heap.label(edge) === 'promise';
    const isNamed = name === undefined ? !heap.name(target).startsWith('system /') : heap.name(target) === name;
    if (isField && isNamed && heap.type(target) === 'object') return target;
  }
  return undefined;
}
