import { optionsOf, typesOf } from './lib/compiler.js';
import { page, tableUnder } from './lib/markdown.js';

const options = page('docs/options.md');
const type = typesOf({
  'bootstrap-gate': ['GateOptions', 'StepOptions', 'RetryOptions', 'WaitOptions', 'CloseOptions'],
  'bootstrap-gate/shutdown': ['ShutdownOptions'],
  'bootstrap-gate/node': ['AdmissionOptions', 'HealthPaths', 'WaitingPage'],
  'bootstrap-gate/express': ['BootstrapGateOptions'],
  'bootstrap-gate/report': ['TerminalOptions', 'PictureOptions'],
});

const names = (rows: readonly string[][]): (string | undefined)[] => rows.map(([name]) => name);

const typesWithDefaults = [
  'GateOptions',
  'AdmissionOptions',
  'HealthPaths',
  'WaitingPage',
  'StepOptions',
  'RetryOptions',
  'WaitOptions',
  'CloseOptions',
  'ShutdownOptions',
  'TerminalOptions',
  'PictureOptions',
];

test.each(typesWithDefaults)('docs/options.md lists the options of %s, and no others', (name) => {
  expect(names(tableUnder(options, name)).sort()).toEqual([...optionsOf(type(name)).keys()].sort());
});

test('docs/options.md lists what bootstrapGate understands besides, and nothing else', () => {
  const all = [...optionsOf(type('BootstrapGateOptions')).keys()];
  const elsewhere = [...optionsOf(type('GateOptions')).keys(), ...optionsOf(type('AdmissionOptions')).keys()];
  const besides = all.filter((name) => !elsewhere.includes(name));
  expect(names(tableUnder(options, 'BootstrapGateOptions')).sort()).toEqual(besides.sort());
});

test.each(typesWithDefaults)('the doc comments of %s state the defaults of docs/options.md', (name) => {
  const comments = optionsOf(type(name));
  for (const [option = '', fallback] of tableUnder(options, name)) {
    const stated = /Default ('[^']*'|[\d,]+|true|false|Infinity)/.exec((comments.get(option) ?? '').replace(/`/g, ''));
    if (stated) expect(`${option}: ${stated[1]?.replace(/,/g, '_')}`).toBe(`${option}: ${fallback}`);
  }
});
