import { membersOf, typesOf } from './lib/compiler.js';
import { headings, page } from './lib/markdown.js';

const errors = page('docs/errors.md');
const type = typesOf({ 'bootstrap-gate': ['GateErrorCode', 'GateWarningCode'] });

const documented = (pattern: RegExp): string[] =>
  headings(errors)
    .map(({ text }) => text)
    .filter((text) => pattern.test(text))
    .sort();

test('every error code has its heading in docs/errors.md, and no other has', () => {
  expect(documented(/^ERR_/)).toEqual(membersOf(type('GateErrorCode')).sort());
});

test('every warning code has its heading in docs/errors.md, and no other has', () => {
  expect(documented(/^GATE_/)).toEqual(membersOf(type('GateWarningCode')).sort());
});

test('every code is explained: when, what is the likely cause, what to do', () => {
  const sections = errors.text.split(/^### /m).slice(1);
  const incomplete = sections.filter(
    (section) =>
      !(/\*\*When:\*\*/.test(section) && /\*\*Likely cause/.test(section) && /what to do:\*\*/i.test(section)),
  );
  expect(sections.length).toBeGreaterThan(15);
  expect(incomplete.map((section) => section.split('\n')[0])).toEqual([]);
});
