/** What every function here is given, checked: the mistakes of callers without types get a sentence, not a stack. */

/**
 * The options that were given, and none that are inherited, as from a polluted prototype.
 *
 * @throws a TypeError that names the function, unless it is an object of options with these names and no others
 */
export function ownOptions<T extends object>(caller: string, options: T, names: readonly string[]): T {
  if (typeof options !== 'object' || options === null) throw new TypeError(`${caller}: the options must be an object`);
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return Object.assign(Object.create(null), options) as T;
  const known = names.map((name) => `"${name}"`).join(', ');
  throw new TypeError(`${caller}: there is no option "${unknown}"; there is ${known}`);
}

export function checkReport(caller: string, report: unknown): void {
  if (typeof (report as { ensureReady?: unknown } | null)?.ensureReady === 'function') {
    throw new TypeError(`${caller}: this is a gate; give its report, gate.report()`);
  }
  if (!Array.isArray((report as { attempts?: unknown } | null)?.attempts)) {
    throw new TypeError(`${caller}: the report must be what gate.report() returned, with its attempts`);
  }
}

export function checkGate(caller: string, gate: unknown): void {
  const { onChange, report } = (gate ?? {}) as Record<string, unknown>;
  if (typeof onChange !== 'function' || typeof report !== 'function') {
    throw new TypeError(`${caller}: the gate must be one that createGate or bootstrapGate made (there: its .gate)`);
  }
}
