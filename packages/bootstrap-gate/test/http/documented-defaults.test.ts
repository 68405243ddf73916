/** The defaults in docs/options.md are those of the code. (The names are compared in examples/docs.) */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { admissionRules, readDoorOptions } from '../../src/http/read-options.js';

/** Name and default of each row under a heading of docs/options.md. */
function documented(heading: string): [name: string, value: string][] {
  const page = readFileSync(join(__dirname, '../../../../docs/options.md'), 'utf8');
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| `(\w+)` *\| (.+?) *\|/gm)];
  return rows.map(([, name = '', value = '']) => [name, value.replace(/`/g, '')]);
}

/** A default as the page writes it. */
function asWritten(value: unknown): string {
  if (value === undefined) return 'none';
  if (value === null) return 'a quarter of maxWaiting';
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number') return value.toLocaleString('en').replace(/,/g, '_');
  return JSON.stringify(value);
}

const asTable = (defaults: object): [string, string][] =>
  Object.entries(defaults).map(([name, value]) => [name, asWritten(value)]);

test('the defaults of AdmissionOptions and of handler are those of docs/options.md', () => {
  const defaults = Object.fromEntries(Object.entries(admissionRules).map(([name, { fallback }]) => [name, fallback]));
  expect(defaults).toHaveProperty('maxWaitingPerConnection', undefined); // it follows from another one
  expect(readDoorOptions('test', {}).settings.maxWaitingPerConnection).toBe(250);
  const rows = [...documented('AdmissionOptions'), ...documented('BootstrapGateOptions')];
  expect(rows.filter(([name]) => name !== 'gate').sort()).toEqual(
    asTable({ ...defaults, maxWaitingPerConnection: null }).sort(),
  );
});

test('the defaults of HealthPaths and WaitingPage are those of docs/options.md', () => {
  const { settings } = readDoorOptions('test', { health: true, waitingPage: true });
  expect(documented('HealthPaths').sort()).toEqual(asTable(settings.health ?? {}).sort());
  expect(documented('WaitingPage').sort()).toEqual(asTable(settings.waitingPage ?? {}).sort());
});
