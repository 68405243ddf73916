// What came out for one package.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from '../workspace.mjs';
import { equivalents } from './equivalents.mjs';

export class Summary {
  #name;
  #killed = [];
  /** Caught by a time limit, Stryker's or that of a test. They are told, since a busy machine could have been the cause. */
  #hung = [];
  #survived = [];
  #equivalent = [];
  /** Ended the process, or kept every test file from loading. They count nowhere, as with Stryker. */
  #crashed = [];

  constructor(name, results) {
    this.#name = name;
    const named = equivalents(name);
    for (const result of results) this.#listFor(result, named)?.push(describe(result));
  }

  /** The part that was killed of those that can be, in percent. */
  get score() {
    return percent(this.#caught, this.#caught + this.#survived.length);
  }

  get #caught() {
    return this.#killed.length + this.#hung.length;
  }

  /** @param isWhole whether all of the package was mutated: then those that are named in vain are told, too */
  print({ isWhole }) {
    const all = this.#caught + this.#survived.length + this.#equivalent.length;
    console.log(
      `\n${this.#name}: ${all} mutants, ${this.#killed.length} killed, ${this.#hung.length} hung, ` +
        `${this.#equivalent.length} equivalent, ${this.#survived.length} survived (${this.#crashed.length} more crashed): ` +
        `${percent(this.#caught, all).toFixed(1)} %, ${this.score.toFixed(1)} % without the equivalent ones`,
    );
    for (const mutant of this.#hung) console.log(`hung      ${told(mutant)}`);
    for (const mutant of this.#survived) console.log(`survived  ${told(mutant)}`);
    if (!isWhole) return;
    const found = new Set(this.#equivalent.map(({ key }) => key));
    for (const key of equivalents(this.#name))
      if (!found.has(key)) console.log(`named as equivalent, but it is not: ${key}`);
  }

  #listFor({ status, statusReason = '', ...result }, named) {
    if (status === 'Timeout' || (status === 'Killed' && /Exceeded timeout of \d+ ms/.test(statusReason)))
      return this.#hung;
    if (status === 'Killed') return this.#killed;
    if (status === 'RuntimeError') return this.#crashed;
    if (status !== 'Survived' && status !== 'NoCoverage') return undefined;
    return named.has(describe(result).key) ? this.#equivalent : this.#survived;
  }
}

/** `key` is what equivalents.json calls a mutant by: its file, its line as it is, and as the mutant has it. */
function describe({ fileName, location: { start, end }, replacement }) {
  const file = relative(root, fileName).replaceAll('\\', '/');
  const lines = readFileSync(fileName, 'utf8').split('\n');
  const before = lines[start.line - 1].slice(0, start.column - 1);
  const after = lines[end.line - 1].slice(end.column - 1);
  const was = oneLine(lines[start.line - 1]);
  const becomes = oneLine(`${before}${replacement}${after}`);
  return { file, line: start.line, was, becomes, key: `${file}: ${was} → ${becomes}` };
}

const oneLine = (text) => text.replace(/\s+/g, ' ').trim();
const told = ({ file, line, was, becomes }) => `${file}:${line}\n    - ${was}\n    + ${becomes}`;
const percent = (part, whole) => (whole === 0 ? 100 : (100 * part) / whole);
