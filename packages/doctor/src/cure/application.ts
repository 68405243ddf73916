/** What a few regular expressions can say with certainty about an Express or Koa application in one file. */
export interface Application {
  readonly file: string;
  readonly lines: readonly string[];
  readonly framework: 'express' | 'koa';
  /** The variable, such as `app`. */
  readonly name: string;
  readonly indent: string;
  /** Lines, from 1: where it is created, and where the framework is imported. */
  readonly createdAt: number;
  readonly importedAt: number;
  importOf(name: string, from: string): string;
  /** Whether a function of this file may be called at a line: it must not use what is declared further down. */
  mayRunAt(line: number): boolean;
}

const CREATES = {
  express: /^(\s*)(?:export\s+)?(?:const|let|var)\s+([\w$]+)(?:\s*:\s*[\w.<>]+)?\s*=\s*express\(\s*\)\s*;?\s*$/,
  koa: /^(\s*)(?:export\s+)?(?:const|let|var)\s+([\w$]+)(?:\s*:\s*[\w.<>]+)?\s*=\s*new\s+Koa\(\s*\)\s*;?\s*$/,
} as const;

/** Undefined unless exactly one application is created in the file, on a line of its own. */
export function parseApplication(file: string, source: string): Application | undefined {
  const lines = source.split('\n');
  for (const framework of ['express', 'koa'] as const) {
    const created = lines.flatMap((text, at) => (CREATES[framework].test(text) ? [at] : []));
    const [at] = created;
    if (created.length !== 1 || at === undefined) continue;
    const [, indent = '', name = ''] = CREATES[framework].exec(lines[at] ?? '') ?? [];
    const imports = new RegExp(`(?:require\\(|from )['"]${framework}['"]`);
    const importedAt = lines.findIndex((text) => imports.test(text));
    if (importedAt < 0) continue;
    const isModule = /^\s*import\b/.test(lines[importedAt] ?? '');
    return {
      file,
      lines,
      framework,
      name,
      indent,
      createdAt: at + 1,
      importedAt: importedAt + 1,
      importOf: (what, from) =>
        isModule ? `import { ${what} } from '${from}';` : `const { ${what} } = require('${from}');`,
      mayRunAt: (line) => !declaredAfter(lines, line).some((later) => isUsedInFunctions(lines, later)),
    };
  }
  return undefined;
}

function declaredAfter(lines: readonly string[], line: number): string[] {
  return lines.slice(line - 1).flatMap((text) => {
    const declared = /^(?:export\s+)?(?:const|let|class)\s+(?:\{([^}]*)\}|([\w$]+))/.exec(text);
    return (declared?.[1] ?? declared?.[2] ?? '').match(/[\w$]+/g) ?? [];
  });
}

/** Indented lines are inside of something; a name there may be read when that runs. */
function isUsedInFunctions(lines: readonly string[], name: string): boolean {
  const word = new RegExp(`(?<![\\w$.])${name.replace(/\$/g, '\\$')}(?![\\w$])`);
  return lines.some((text) => /^\s+\S/.test(text) && word.test(text));
}
