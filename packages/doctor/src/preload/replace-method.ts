/** Puts a function around a method of a prototype, such that the method looks the same to the application. */
type Method = (this: never, ...args: never[]) => unknown;

export function replaceMethod<T extends object>(
  target: T,
  name: string,
  around: (original: (this: unknown, ...args: unknown[]) => unknown) => (this: unknown, ...args: unknown[]) => unknown,
): void {
  const original = (target as Record<string, Method>)[name] as (this: unknown, ...args: unknown[]) => unknown;
  const replacement = around(original);
  Object.defineProperty(replacement, 'name', { value: original.name, configurable: true });
  Object.defineProperty(replacement, 'length', { value: original.length, configurable: true });
  const enumerable = Object.getOwnPropertyDescriptor(target, name)?.enumerable ?? false;
  Object.defineProperty(target, name, { value: replacement, writable: true, configurable: true, enumerable });
}
