/**
 * The gates of this process, whichever copy of the package made them: an application may load it as ESM and as CommonJS,
 * and frameworks bundle it several times.
 */
import type { GateCore } from './gate-core.js';
import type { Gate } from '../kit/types.js';

interface Registry {
  readonly cores: WeakMap<object, GateCore>;
  /** Held weakly: a gate ends with its application, also where nobody closes it. */
  readonly byName: Map<string, Set<WeakRef<Gate>>>;
}

/** Raise the number when the shape of what is shared changes, that of `GateCore` included. */
const key = Symbol.for('bootstrap-gate.gates.1');
const { cores, byName } = (find() ?? make())();

const collected = new FinalizationRegistry<{ name: string; ref: WeakRef<Gate> }>(({ name, ref }) => forget(name, ref));

/** Makes a gate known to doors, and by its name. */
export function register(core: GateCore): void {
  const { name, gate } = core;
  cores.set(gate, core);
  const ref = new WeakRef(gate);
  byName.set(name, (byName.get(name) ?? new Set()).add(ref));
  collected.register(gate, { name, ref });
}

/** The inside of a gate. @throws TypeError for anything that `createGate` did not make */
export function coreOf(where: string, gate: unknown): GateCore {
  const core = cores.get(Object(gate) as object);
  if (!core) throw new TypeError(`${where}: option "gate" must be a gate made by createGate`);
  return core;
}

/**
 * The gate of this name, wherever in the process it was made; undefined where there is none. For code that cannot be
 * handed the gate, such as a framework's that is bundled apart. Gates that are closed make way for one that is not.
 *
 * @throws TypeError where several gates have the name
 *
 * @example
 * const gate = gateNamed('api') ?? createGate({ name: 'api', bootstrap });
 */
export function gateNamed(name: string): Gate | undefined {
  const all = [...(byName.get(name) ?? [])].flatMap((ref) => ref.deref() ?? []);
  const open = all.filter(({ state }) => state !== 'closed');
  if (open.length > 1)
    throw new TypeError(`gateNamed: ${open.length} gates have the name "${name}"; give each its own`);
  return open[0] ?? all.at(-1);
}

function forget(name: string, ref: WeakRef<Gate>): void {
  const refs = byName.get(name);
  if (refs?.delete(ref) && refs.size === 0) byName.delete(name);
}

function find(): (() => Registry) | undefined {
  return Reflect.get(globalThis, key) as (() => Registry) | undefined;
}

/** Kept by a function: test runners that clean up what they find on the global object take objects apart. */
function make(): () => Registry {
  const made: Registry = { cores: new WeakMap(), byName: new Map() };
  const get = (): Registry => made;
  Object.defineProperty(globalThis, key, { value: get });
  return get;
}
