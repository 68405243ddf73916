import { createGate } from '../../src/index.js';
import { recordHerd, toSvg } from '../../src/report/index.js';
import { settled } from '../manual-clock.js';
import { deferred } from '../support.js';
import { attempt, BEGIN, reportOf, step } from './support/reports.js';
import { descendants, parseXml, type XmlElement } from './support/xml.js';

const draw = (...args: Parameters<typeof toSvg>): XmlElement => parseXml(toSvg(...args));

const withClass = (root: XmlElement, name: string): XmlElement[] =>
  descendants(root).filter(({ attributes }) => attributes.class?.split(' ').includes(name));

const lanes = (root: XmlElement): XmlElement[] =>
  root.children.filter(({ name, children }) => name === 'g' && children[0]?.name === 'title');

const laneOf = (root: XmlElement, label: string): XmlElement => {
  const lane = lanes(root).find(({ children }) => children[1]?.text === label);
  if (!lane) throw new Error(`there is no lane ${label}`);
  return lane;
};

/** Where a bar begins and ends. */
const extent = (bar: XmlElement | undefined): [number, number] => {
  const { x = '', width = '' } = bar?.attributes ?? {};
  return [Math.round(Number(x)), Math.round(Number(x) + Number(width))];
};

test('there is a lane for the bootstrap and each step, with its duration, in the order of their begin', () => {
  const root = draw(reportOf([attempt(0, 1_000, [step('config', 0, 250), step('db', 250, 1_000)])]));
  expect(lanes(root).map(({ children }) => [children[1]?.text, children.at(-1)?.text])).toEqual([
    ['bootstrap', '1.00 s'],
    ['✓ config', '250 ms'],
    ['✓ db', '750 ms'],
  ]);
});

test('bars stand on the axis where their times are', () => {
  const root = draw(reportOf([attempt(0, 1_000, [step('config', 0, 250), step('db', 250, 1_000)])]));
  const [left, right] = extent(withClass(laneOf(root, 'bootstrap'), 'done')[0]);
  const quarter = left + (right - left) / 4;
  const [configFrom, configTo] = extent(withClass(laneOf(root, '✓ config'), 'done')[0]);
  const [dbFrom, dbTo] = extent(withClass(laneOf(root, '✓ db'), 'done')[0]);
  expect([configFrom, dbTo]).toEqual([left, right]);
  expect([configTo, dbFrom]).toEqual([Math.round(quarter), Math.round(quarter)]);
  const marks = withClass(root, 'middle').map(({ text, attributes }) => [text, Math.round(Number(attributes.x))]);
  expect(marks).toContainEqual(['0', left]);
  expect(marks).toContainEqual(['1 s', right]);
});

test('a wait that is over is hatched at the begin of its step, the present one where it is', () => {
  const waitsFor = [{ kind: 'gate', name: 'stock', since: BEGIN + 800, at: 'x' }];
  const root = draw(
    reportOf(
      [
        attempt(0, 1_000, [
          step('search', 0, 1_000, { waitingMs: 600 }),
          step('stock', 0, 1_000, { state: 'running', waitingMs: 300, waitsFor }),
        ]),
      ],
      { state: 'booting' },
    ),
  );
  const [left, right] = extent(withClass(root, 'done')[1]);
  const share = (bar: XmlElement): number[] => extent(bar).map((x) => Math.round(((x - left) / (right - left)) * 100));
  expect(withClass(laneOf(root, '✓ search'), 'wait-done').map(share)).toEqual([[0, 60]]);
  expect(withClass(laneOf(root, '▸ stock'), 'wait-running').map(share)).toEqual([
    [0, 10],
    [80, 100],
  ]);
  expect(laneOf(root, '▸ stock').text).toContain('waits for gate "stock" (200 ms so far)');
});

test('attempts are told apart, with what came between them and why the first one failed', () => {
  const error = 'connect ECONNREFUSED';
  const root = draw(
    reportOf([
      attempt(0, 200, [step('db', 0, 200, { state: 'failed', error })], { outcome: 'failed', error }),
      attempt(500, 900, [step('db', 500, 900)], { attempt: 2 }),
    ]),
  );
  expect(laneOf(root, '✗ db').text).toContain('failed: connect ECONNREFUSED');
  expect(withClass(laneOf(root, '✗ db'), 'failed')).toHaveLength(1);
  expect(laneOf(root, 'attempt 2').text).toContain('after 300 ms of rollback and delay');
  const [, pauseTo = 0] = extent(withClass(laneOf(root, 'attempt 2'), 'wait-done')[0]);
  const [begin] = extent(withClass(laneOf(root, 'attempt 2'), 'done')[0]);
  expect(Math.abs(pauseTo - begin)).toBeLessThanOrEqual(1);
});

test('the legend names the colours that occur, and no others', () => {
  const legend = (root: XmlElement): string => root.children.filter(({ name }) => name === 'g')[0]?.text ?? '';
  const plain = draw(reportOf([attempt(0, 9, [step('a', 0, 9)])]));
  expect(legend(plain)).toBe('workingbold: what the start waited for');
  const rich = [step('a', 0, 9, { state: 'aborted' }), step('b', 0, 9, { state: 'failed', error: 'x', waitingMs: 3 })];
  expect(legend(draw(reportOf([attempt(0, 9, rich, { outcome: 'failed' })])))).toBe(
    'failedabortedwaitingbold: what the start waited for',
  );
});

test('the steps of the critical chain are bold', () => {
  const root = draw(reportOf([attempt(0, 90, [step('a', 0, 20), step('b', 20, 40), step('c', 20, 90)])]));
  expect(withClass(root, 'strong').map(({ text }) => text)).toEqual(['bootstrap', '✓ a', '✓ c']);
});

test('the herd is drawn up to its largest size, and the axis goes on until the last one has left', () => {
  const samples = [
    { at: BEGIN, waiting: 1 },
    { at: BEGIN + 500, waiting: 40 },
    { at: BEGIN + 1_500, waiting: 0 },
  ];
  const root = draw(reportOf([attempt(0, 1_000, [])]), { herd: { samples } });
  const [herd] = withClass(root, 'herd');
  expect(root.text).toContain('at most 40');
  const corners = [...(herd?.attributes.d ?? '').matchAll(/[HV]([\d.]+)/g)].map(([, at]) => Number(at));
  const [left, right] = [extent(withClass(root, 'done')[1])[0], Math.max(...corners)];
  const third = (right - left) / 3;
  expect(Math.abs(extent(withClass(root, 'done')[1])[1] - (left + 2 * third))).toBeLessThanOrEqual(1);
  expect(Math.abs((corners[2] ?? 0) - (left + third))).toBeLessThanOrEqual(1);
  const [one = 0, forty = 0, none = 0] = [1, 3, 5].map((index) => corners[index]); // y grows downwards
  expect(none - forty).toBeGreaterThan(40);
  expect((none - one) / (none - forty)).toBeCloseTo(1 / 40);
});

test('without a herd, and without a flight, the picture says so and stands', () => {
  const root = draw(reportOf([], { gate: 'api', state: 'idle' }));
  expect(root.children[0]?.text).toBe('api: idle · there was no flight yet');
  expect(withClass(root, 'herd')).toEqual([]);
  expect(lanes(root)).toEqual([]);
});

test('in first-request mode, where there is no flight, the herd is drawn alone', () => {
  const samples = [
    { at: BEGIN, waiting: 3 },
    { at: BEGIN + 40, waiting: 0 },
  ];
  const root = draw(reportOf([], { state: 'ready' }), { herd: { samples } });
  expect(withClass(root, 'herd')).toHaveLength(1);
  expect(withClass(root, 'middle').map(({ text }) => text)).toContain('40 ms');
});

test('it is light, and dark where the reader prefers that', () => {
  const style = draw(reportOf([])).children.find(({ name }) => name === 'style')?.text ?? '';
  const [light = '', dark = ''] = style.split('@media (prefers-color-scheme:dark)');
  const page = (rules: string): string | undefined => /\.page\{fill:(#\w+)\}/.exec(rules)?.[1];
  expect([page(light), page(dark)]).toEqual(['#ffffff', '#0d1117']);
});

test('it is an image with a name and a description, and carries nothing that runs or loads', () => {
  const report = reportOf([attempt(0, 1_000, [step('a', 0, 300), step('b', 0, 900, { waitingMs: 100 })])]);
  const root = draw(report);
  expect(root.attributes).toMatchObject({ role: 'img', xmlns: 'http://www.w3.org/2000/svg' });
  expect(root.children.slice(0, 2).map(({ name, text }) => [name, text])).toEqual([
    ['title', 'shop: ready · its bootstrap took 1.00 s'],
    ['desc', 'The slowest steps: ✓ b 900 ms, 100 ms of it waiting; ✓ a 300 ms.'],
  ]);
  const names = new Set(descendants(root).map(({ name }) => name));
  expect([...names].sort()).toEqual(['desc', 'g', 'line', 'rect', 'style', 'text', 'title']);
  expect(toSvg(report).replace('http://www.w3.org/2000/svg', '')).not.toMatch(/url\(|href|@import|https?:/);
});

test('several pictures fit into one page: no ids, and no rule of style for anything else', () => {
  const root = draw(reportOf([attempt(0, 9, [step('a', 0, 9)])]));
  expect(descendants(root).filter(({ attributes }) => attributes.id !== undefined)).toEqual([]);
  const style = descendants(root).find(({ name }) => name === 'style')?.text ?? '';
  const selectors = [...style.matchAll(/([^{}]+)\{[^{}]*\}/g)].map(([, selector = '']) => selector);
  expect(selectors.length).toBeGreaterThan(20);
  expect(selectors.filter((selector) => !selector.startsWith('.boot-timeline '))).toEqual([]);
});

test('hostile names are text', async () => {
  const name = `<script>alert(1)</script> & "it's" ]]> <!-- \u0000\u001b[31m\u202e`;
  const gate = createGate({
    name,
    bootstrap: async (boot) => {
      await boot.step(name, () => Promise.reject(new Error(name)), { optional: true });
    },
  });
  await gate.ensureReady();
  const root = draw(gate.report());
  const shown = `<script>alert(1)</script> & "it's" ]]> <!-- [31m`;
  expect(descendants(root).filter((element) => element.name === 'script')).toEqual([]);
  expect(root.children[0]?.text).toContain(`${shown}: ready`);
  expect(lanes(root)[1]?.children[0]?.text).toContain(`✗ ${shown}`);
});

test('what is no outcome cannot break out of an attribute', () => {
  const state = '"><script>alert(1)</script><g class="' as never;
  const root = draw(reportOf([attempt(0, 9, [step('a', 0, 9, { state })], { outcome: state })]));
  expect(descendants(root).filter(({ name }) => name === 'script')).toEqual([]);
});

test('no text leaves the picture: long names are cut, and a note turns to the side with room', () => {
  const error = 'an error that is too long for what is left of the line '.repeat(3);
  const steps = [step('n'.repeat(99), 0, 900), step('late', 900, 1_000, { state: 'failed', error })];
  const root = draw(reportOf([attempt(0, 1_000, steps)]));
  const [label, note] = [laneOf(root, `✓ ${'n'.repeat(29)}…`), withClass(laneOf(root, '✗ late'), 'small')[0]];
  expect(label.children[0]?.text).toContain('n'.repeat(99));
  expect(note?.attributes.class).toContain('end');
  expect((note?.text.length ?? 0) * 6.65).toBeLessThan(Number(note?.attributes.x));
});

test('a real flight is drawn in its middle and at its end', async () => {
  const loaded = deferred();
  const gate = createGate({
    name: 'shop',
    bootstrap: async (boot) => {
      await boot.step('config', () => 1);
      await boot.step('load', ({ progress }) => {
        progress(0.5, 'half');
        return loaded.promise;
      });
    },
  });
  const herd = recordHerd(gate);
  const ready = gate.ensureReady();
  await settled();
  const during = draw(gate.report(), { herd });
  expect(laneOf(during, '▸ load').text).toContain('50 % (half)');
  expect(during.text).toContain('at most 1');
  loaded.resolve();
  await ready;
  expect(withClass(laneOf(draw(JSON.parse(JSON.stringify(gate.report()))), '✓ load'), 'done')).toHaveLength(1);
});
