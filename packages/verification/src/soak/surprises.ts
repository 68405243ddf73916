/** What nobody caught: exceptions, and rejections that nobody handled. */

/** Collects them until the returned function is called. */
export function surprises(): () => string[] {
  const found: string[] = [];
  const onRejection = (reason: unknown): void => void found.push(`unhandled rejection: ${textOf(reason)}`);
  const onException = (error: unknown): void => void found.push(`uncaught exception: ${textOf(error)}`);
  process.on('unhandledRejection', onRejection);
  process.on('uncaughtException', onException);
  return () => {
    process.off('unhandledRejection', onRejection);
    process.off('uncaughtException', onException);
    return found;
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
