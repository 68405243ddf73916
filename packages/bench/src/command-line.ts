import { installBackstage } from './backstage.js';

/**
 * Which of the names are asked for, all of them if none is said, and whether the results are to be written. Whatever they
 * need is installed then.
 */
export function readCommandLine<Name extends string>(
  names: readonly Name[],
): { readonly chosen: readonly Name[]; readonly write: boolean } {
  const args = process.argv.slice(2);
  const write = args.includes('--write');
  const asked = args.filter((arg) => !arg.startsWith('--'));
  const unknown = asked.find((name) => !(names as readonly string[]).includes(name));
  if (unknown) throw new Error(`nothing is called "${unknown}"; there are: ${names.join(', ')}`);
  if (write && asked.length > 0) throw new Error('--write takes no names: the document shows one run of everything');
  const isComplete = installBackstage();
  if (write && !isComplete) throw new Error('--write needs all contenders: the document shows every one');
  return { chosen: asked.length > 0 ? names.filter((name) => asked.includes(name)) : names, write };
}
