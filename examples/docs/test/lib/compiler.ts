/** The TypeScript compiler over code that is in no file: the blocks of the documentation, and questions about types. */
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './markdown.js';

/** The code blocks stand in this folder as far as the compiler knows, so `./database.js` is the one beside it. */
export const userFolder = join(__dirname, '../user');

/** A program of the given files, by their names in the user's folder. */
export function compile(files: ReadonlyMap<string, string>): ts.Program {
  const base = join(root, 'tsconfig.base.json');
  const config = ts.parseConfigFileTextToJson(base, ts.sys.readFile(base) ?? '');
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  // Each block is a module of its own, also without imports.
  const all = { ...options, noEmit: true, types: ['node'], moduleDetection: ts.ModuleDetectionKind.Force };
  const virtual = new Map([...files].map(([name, text]) => [join(userFolder, name), text]));
  const host = ts.createCompilerHost(all);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (name) => virtual.has(name) || fileExists(name);
  host.readFile = (name) => virtual.get(name) ?? readFile(name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = virtual.get(name);
    return text === undefined ? getSourceFile(name, target, ...rest) : ts.createSourceFile(name, text, target);
  };
  return ts.createProgram([...virtual.keys()], all, host);
}

/** What is wrong, as `file:line message`, for one file of the program. */
export function problems(program: ts.Program, name: string): string[] {
  const file = program.getSourceFile(join(userFolder, name));
  return ts.getPreEmitDiagnostics(program, file).map(({ start = 0, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${name}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

/** Asks about types by name, such as `['GateOptions']` from `bootstrap-gate`. */
export function typesOf(imports: Readonly<Record<string, readonly string[]>>): (name: string) => ts.Type {
  const lines = Object.entries(imports).map(([from, names]) => `export type { ${names.join(', ')} } from '${from}';`);
  const program = compile(new Map([['types.ts', lines.join('\n')]]));
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(join(userFolder, 'types.ts'));
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(file as ts.SourceFile) as ts.Symbol);
  return (name) => {
    const symbol = symbols.find((candidate) => candidate.name === name);
    if (!symbol) throw new Error(`nothing exports the type ${name}`);
    return checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(symbol));
  };
}

/** The strings of a union of strings. */
export function membersOf(type: ts.Type): string[] {
  return (type.isUnion() ? type.types : [type]).map((member) => (member as ts.StringLiteralType).value);
}

/** The properties of an object type, with what their doc comments say. */
export function optionsOf(type: ts.Type): Map<string, string> {
  return new Map(
    type
      .getProperties()
      .map((property) => [property.name, ts.displayPartsToString(property.getDocumentationComment(undefined))]),
  );
}
