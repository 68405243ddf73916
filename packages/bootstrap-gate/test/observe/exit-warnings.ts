type End = 'beforeExit' | 'exit';

/** What is said of a gate when the process goes through these events. An end that was acted out counts until the next turn. */
export function exitWarnings(gate: string, ...ends: End[]): string[] {
  const said: string[] = [];
  const listen = ({ name, message, code }: Error & { code?: string }): void =>
    void (message.includes(`"${gate}"`) && said.push(`${name} ${code}: ${message}`));
  const { exitCode } = process;
  process.exitCode = 0;
  process.on('warning', listen);
  for (const end of ends) process.emit(end as 'exit', 0);
  process.off('warning', listen);
  expect(process.exitCode).toBe(0); // one that is set is kept
  process.exitCode = exitCode;
  return said;
}
