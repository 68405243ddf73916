const kept: Promise<never>[] = [];

/** A promise that never settles, and is kept: one that nobody has would be proven hopeless (D7). */
export function never(): Promise<never> {
  const promise = new Promise<never>(() => {});
  kept.push(promise);
  return promise;
}
