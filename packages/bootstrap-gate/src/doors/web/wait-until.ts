/** `waitUntil` of the runtime: a worker's third argument has it, and the event of Next's proxy. */
interface Lasting {
  readonly waitUntil?: (work: Promise<unknown>) => void;
}

export function waitUntilOf(args: readonly unknown[]): ((work: Promise<unknown>) => void) | undefined {
  const lasting = args.find((argument) => typeof (Object(argument) as Lasting).waitUntil === 'function') as Lasting;
  return lasting && ((work) => lasting.waitUntil?.(work));
}
