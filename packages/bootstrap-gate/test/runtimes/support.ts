/** What the checks need that is the same on every runtime. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

export function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    (value) => {
      throw new Error(`fulfilled with ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}

/** Lets the event loop turn. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** The codes of gates' process warnings while `fn` runs, which gets the list as it grows. */
export async function warningsDuring(fn: (seen: readonly string[]) => Promise<void>): Promise<readonly string[]> {
  const codes: string[] = [];
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error): void => {
    codes.push((warning as NodeJS.ErrnoException).code ?? String(warning));
  };
  try {
    await fn(codes);
  } finally {
    process.emitWarning = emitWarning;
  }
  return codes;
}
