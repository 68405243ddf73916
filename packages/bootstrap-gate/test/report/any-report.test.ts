import type { GateReport } from '../../src/index.js';
import { blame, criticalChain, toChromeTrace, toMermaid, toSvg } from '../../src/report/index.js';
import fc from 'fast-check';
import { BEGIN } from './support/reports.js';
import { descendants, parseXml } from './support/xml.js';

const name = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '<script>',
    ']]>',
    '&amp;',
    '%%{init: {}}%%',
    'section x',
    'click',
    '\u001b]0;x\u0007',
    '\u202e',
    '\ud800',
  ),
);
const time = fc.oneof(fc.integer({ min: BEGIN, max: BEGIN + 10_000 }), fc.double(), fc.constant(null as never));
const length = fc.oneof(fc.nat(20_000), fc.double(), fc.constant(null as never));
const state = fc.constantFrom('running', 'done', 'failed', 'aborted' as const);
const error = fc.option(name);
const progress = fc.option(fc.record({ fraction: fc.oneof(fc.double(), fc.nat(1)), text: fc.option(name) }));
const few = { maxLength: 4 };

const step = fc.record({
  name,
  parent: fc.option(fc.oneof(name, fc.constantFrom('a', 'b'))),
  state,
  attempts: fc.oneof(fc.nat(), fc.constant(null as never)),
  startedAt: time,
  durationMs: length,
  waitingMs: length,
  workingMs: length,
  waitsFor: fc.array(fc.record({ kind: name, name, since: time, at: name }), few),
  needs: fc.array(name, few),
  at: name,
  progress,
  error,
});
const attempt = fc.record({
  attempt: fc.nat(),
  startedAt: time,
  durationMs: length,
  outcome: state,
  progress,
  error,
  steps: fc.array(step, { maxLength: 8 }),
  stops: fc.constant([]),
});
/** What a gate may report, and what may have become of a report that was parsed from JSON. */
const report: fc.Arbitrary<GateReport> = fc.record({
  gate: name,
  state: fc.constantFrom('idle', 'booting', 'ready', 'failed', 'draining', 'closed' as const),
  attempts: fc.array(attempt, few),
  admitted: fc.nat(),
  denied: fc.nat(),
  held: fc.nat(),
  verdicts: fc.constant([]),
});
const herd = fc.record({ samples: fc.array(fc.record({ at: time, waiting: length }), { maxLength: 20 }) });

/** All but the ends of the lines that the tables themselves have. */
const CONTROL = /[^\P{Cc}\n]|\p{Bidi_Control}|\p{Zl}|\p{Zp}/u;

test('every report gives a picture that is well-formed, with numbers where numbers belong', () => {
  fc.assert(
    fc.property(report, fc.option(herd, { nil: undefined }), (report, herd) => {
      const elements = descendants(parseXml(toSvg(report, { herd })));
      const values = elements.flatMap(({ attributes }) => Object.values(attributes));
      expect(values.filter((value) => /NaN|Infinity|undefined|null/.test(value))).toEqual([]);
      const names = new Set(elements.map((element) => element.name));
      for (const expected of ['desc', 'g', 'line', 'path', 'rect', 'style', 'text', 'title']) names.delete(expected);
      expect([...names]).toEqual([]);
    }),
  );
});

test('no bar leaves the picture', () => {
  fc.assert(
    fc.property(report, (report) => {
      const root = parseXml(toSvg(report));
      for (const { name, attributes } of descendants(root).filter(({ name }) => name === 'rect')) {
        const { x = '0', y = '0', width, height } = attributes;
        expect(Number(x)).toBeGreaterThanOrEqual(0);
        expect([name, Number(x) + Number(width)]).toEqual([name, expect.any(Number)]);
        expect(Number(x) + Number(width)).toBeLessThanOrEqual(Number(root.attributes.width));
        expect(Number(y) + Number(height)).toBeLessThanOrEqual(Number(root.attributes.height));
      }
    }),
  );
});

test('every report gives a trace that is JSON, with events of finite times', () => {
  fc.assert(
    fc.property(report, fc.option(herd, { nil: undefined }), (report, herd) => {
      const { traceEvents } = JSON.parse(toChromeTrace(report, { herd })) as { traceEvents: Record<string, unknown>[] };
      for (const { ph, ts, dur } of traceEvents) {
        expect(['X', 'M', 'C']).toContain(ph);
        if (ph !== 'M') expect(ts).toBeGreaterThanOrEqual(0);
        if (ph === 'X') expect(dur).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test('every report gives a Mermaid chart whose lines are what they seem', () => {
  const task = /^ {4}[▸✓✗–] [^:;#%<>{}]+ :(done|active|crit|crit, done), -?\d+, -?\d+$/;
  const known = [
    /^gantt$/,
    /^ {2}title [^:;#%<>{}]+$/,
    /^ {2}dateFormat x$/,
    /^ {2}axisFormat \S+$/,
    /^ {2}section attempt \d+$/,
  ];
  fc.assert(
    fc.property(report, (report) => {
      const lines = toMermaid(report).split('\n').slice(0, -1);
      expect(lines.filter((line) => ![...known, task].some((form) => form.test(line)))).toEqual([]);
    }),
  );
});

test('no report writes control codes into a terminal, or a line of its own', () => {
  fc.assert(
    fc.property(report, (report) => {
      const steps = report.attempts.flatMap((attempt) => attempt.steps).length;
      const table = blame(report);
      expect(table).not.toMatch(CONTROL);
      expect(table.split('\n')).toHaveLength(steps > 0 ? steps + 6 : 2);
      expect(criticalChain(report)).not.toMatch(CONTROL);
    }),
  );
});
