/** Step functions whose work is shared with other processes, as `@bootstrap-gate/once` makes them, carry a mark. */
const mark = Symbol.for('bootstrap-gate.shared-step');

export const isShared = (fn: unknown): boolean => typeof fn === 'function' && Object.hasOwn(fn, mark);
