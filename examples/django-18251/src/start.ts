/** Runs a mode. The exit code is 0 when it showed what its name says, and 1 otherwise. */
export type Modes = Readonly<Record<string, () => Promise<boolean>>>;

/** A run that stands still for so long has shown nothing. */
const LIMIT_MS = 30_000;

const usage = `npm start -- naive    two first requests stop each other for ever
npm start -- traced   the same, and the deadlock is named
npm start -- order    one request after another: what could happen is found all the same
npm start -- gated    the gate in front: it cannot happen`;

export async function start(modes: Modes, name = ''): Promise<void> {
  process.exitCode = 1;
  const mode = Object.hasOwn(modes, name) ? modes[name] : undefined;
  if (!mode) return console.error(usage);
  setTimeout(() => process.exit(), LIMIT_MS).unref();
  const isAsSaid = await mode();
  console.log(`\n${name}: ${isAsSaid ? 'as its name says' : 'NOT as its name says'}`);
  if (isAsSaid) process.exitCode = 0;
}
