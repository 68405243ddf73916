/** The gate as the cure: as a change of the application's own lines where the place is certain, in words elsewhere. */
import { readFileSync } from 'node:fs';
import type { Cure, Edit, Finding } from '../finding.js';
import type { Place } from '../journal-entry.js';
import { listenPlace } from '../judge/timeline.js';
import type { AloneRun, Observations } from '../observations.js';
import { placeText } from '../text.js';
import { GATES } from './gates.js';
import { parseApplication, type Application } from './application.js';

/** What requests held until the start is over would not have seen. */
const CURED = new Set(['EARLY-WRONG', 'HEALTH-LIES', 'INIT-TWICE', 'SENT-TWICE']);

export function cureFor(findings: readonly Finding[], { alone }: Observations): Cure | undefined {
  if (!findings.some(({ code }) => CURED.has(code))) return undefined;
  const listens = listenPlace(alone);
  const app = listens && read(listens.file);
  const boot = app && bootCall(app, alone);
  const isLazy = findings.every(({ code }) => code === 'INIT-TWICE' || code === 'SENT-TWICE');
  if (app && (boot || isLazy)) return { edits: edits(app, boot), recipe: [] };
  return { edits: [], recipe: recipe(alone, app, isLazy) };
}

function read(file: string): Application | undefined {
  try {
    return parseApplication(file, readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A line of its own that calls a function without arguments: `start();`, `await start();`, `start().catch(…);`. */
function bootCall(app: Application, { quiet }: AloneRun): { line: number; text: string; name: string } | undefined {
  for (const { file, line } of [...(quiet?.site?.own ?? [])].reverse()) {
    const text = app.lines[line - 1] ?? '';
    const name = /^\s*(?:void |await )?([\w$]+)\(\)(?:\.(?:catch|then)\(.*\))*;?\s*$/.exec(text)?.[1];
    if (file === app.file && name !== undefined) return { line, text, name };
  }
  return undefined;
}

function edits(app: Application, boot: { line: number; text: string; name: string } | undefined): Edit[] {
  const { file } = app;
  const eager = boot && app.mayRunAt(app.createdAt + 1) ? ', eager: true' : '';
  const options = boot ? `{ bootstrap: () => ${boot.name}()${eager} }` : '';
  const use = `${app.indent}${app.name}.use(bootstrapGate(${options}));`;
  return [
    { file, line: app.importedAt, add: [app.importOf('bootstrapGate', GATES[app.framework])] },
    { file, line: app.createdAt + 1, add: [use] },
    ...(boot ? [{ file, line: boot.line, remove: boot.text }] : []),
  ];
}

function recipe(alone: AloneRun, app: Application | undefined, isLazy: boolean): string[] {
  const site = alone.quiet?.site?.own.at(-1);
  const what = site ? `what begins at ${placeText(site)}` : 'what the start does after the port is open';
  if (app) {
    return [
      `In ${placeText({ file: app.file, line: app.createdAt + 1, column: 1 })}, before the first route:`,
      isLazy
        ? `  ${app.name}.use(bootstrapGate());`
        : `  ${app.name}.use(bootstrapGate({ bootstrap: () => start() }));`,
      `where start() is ${what}, and is no longer called elsewhere. (${GATES[app.framework]})`,
    ];
  }
  const where: Place | undefined = listenPlace(alone);
  return [
    `Where the server is made${where ? ` (it listens at ${placeText(where)})` : ''}:`,
    isLazy ? '  gateServer(server);' : '  gateServer(server, { bootstrap: () => start() });',
    isLazy ? `(${GATES.node})` : `where start() is ${what}, and is no longer called elsewhere. (${GATES.node})`,
  ];
}
