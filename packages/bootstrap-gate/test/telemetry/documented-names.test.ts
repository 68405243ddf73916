/** The tables of docs/guides/telemetry.md are what comes out. */
import { channel } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gate } from '../../src/index.js';
import { bootstrapGate } from '../../src/doors/node/index.js';
import { coreOf } from '../../src/gate/registry.js';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { Registry } from 'prom-client';
import { measureGates } from '../../src/telemetry/prometheus.js';
import { Recorder } from './spans.js';
import { atEnd, deferred, held, listening, statusOf, warnings } from './support.js';

const guide = readFileSync(join(__dirname, '../../../../docs/guides/telemetry.md'), 'utf8');

/** The cells of each row under a heading, without the marks of code. */
function documented(heading: string): string[][] {
  const section = guide.split(`\n### ${heading}\n`)[1]?.split('\n#')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim().replace(/`/g, ''))); // prettier-ignore
}

const words = (cell = ''): string[] => cell.split(', ').sort();

const recorder = new Recorder();
const registry = new Registry();
const kindOf = ({ name }: ReadableSpan): string => name.split(' ')[0] ?? '';

let metrics: Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** Everything that can be told: retries, progress, a failure, a step that replicas share, a verdict, a stall, a held request. */
beforeAll(async () => {
  warnings();
  recorder.traceGates();
  atEnd(measureGates({ registry }));
  const boot = deferred();
  const retry = { attempts: 2, delayMs: 0 };
  const guarded = bootstrapGate((_req, res) => res.end(), {
    name: 'shop',
    retry,
    bootstrap: async (context) => {
      await boot.promise;
      const flaky = ({ attempt }: { attempt: number }): void => {
        if (attempt === 1) throw new Error('once');
      };
      await context.step('flaky', flaky, { retry });
      await context.step('load', ({ progress }) => progress(0.5, 'half'));
      const shared = { gate: 'shop', step: 'migrate', namespace: 'shop', key: 'v1', replica: 'web-1' };
      const claim = { type: 'claim', ...shared, fence: 2, attempt: 1, text: 'web-2 died' };
      await context.step('migrate', () => channel('bootstrap-gate.once').publish(claim));
      await context.step('self', () => gate.ensureReady());
    },
  });
  const gate: Gate<unknown> = guarded.gate;
  const port = await listening((req, res) => void guarded(req, res));
  const reply = statusOf(port);
  await held(gate, 1);
  const { flightNumber: flight } = coreOf('the test', gate);
  const stall = { at: 1, pending: [], process: { text: 'a socket' } };
  channel('bootstrap-gate.stall').publish({ gate: 'shop', type: 'stalled', flight, stall });
  const blocked = { since: 1, blockedMs: 7_000, stack: [], children: [], during: [] };
  channel('bootstrap-gate.stall').publish({ gate: 'shop', type: 'blocked', flight, blocked });
  boot.resolve();
  await reply;
  await gate.close();
  metrics = await registry.getMetricsAsJSON();
});

/** What spans have, by name, with the kinds of spans that have it. */
function onSpans(namesOf: (span: ReadableSpan) => readonly string[]): [name: string, kinds: string[]][] {
  const found = new Map<string, Set<string>>();
  for (const span of recorder.spans) {
    for (const name of namesOf(span)) found.set(name, (found.get(name) ?? new Set()).add(kindOf(span)));
  }
  return [...found].map(([name, kinds]): [string, string[]] => [name, [...kinds].sort()]).sort();
}

test('the guide lists the spans that there are', () => {
  const kinds = documented('Spans').map(([name = '']) => name.split(' ')[0]);
  expect(kinds.sort()).toEqual([...new Set(recorder.spans.map(kindOf))].sort());
});

test('the guide lists the attributes of each kind of span', () => {
  const rows = documented('Attributes').map(([name = '', on]): [string, string[]] => [name, words(on)]);
  expect(rows.sort()).toEqual(onSpans(({ attributes }) => Object.keys(attributes)));
});

test('the guide lists the events of each kind of span', () => {
  const rows = documented('Events').map(([name = '', on]): [string, string[]] => [name, words(on)]);
  expect(rows.sort()).toEqual(onSpans(({ events }) => events.map(({ name }) => name)));
});

test('the guide lists the attributes of each event', () => {
  const found = new Map<string, Set<string>>();
  for (const { name, attributes = {} } of recorder.spans.flatMap(({ events }) => events)) {
    for (const key of Object.keys(attributes)) found.set(name, (found.get(name) ?? new Set()).add(key));
  }
  const rows = documented('Events').map(([name = '', , attributes = '']) => [
    name,
    (attributes.match(/[a-z_]+(\.[a-z_]+)+/g) ?? []).sort(),
  ]);
  expect(rows.sort()).toEqual([...found].map(([name, keys]) => [name, [...keys].sort()]).sort());
});

test('the guide lists each metric with its type and labels', () => {
  const found = metrics.map(({ name, type, values }) => {
    const labels = new Set(values.flatMap(({ labels }) => Object.keys(labels)));
    labels.delete('le'); // the bound of a bucket
    return [name, type as unknown as string, [...labels].sort()];
  });
  const rows = documented('Metrics').map(([name = '', type = '', labels]) => [name, type, words(labels)]);
  expect(rows.sort()).toEqual(found.sort());
});

test('the names keep the conventions: a base unit, and _total for what is counted', () => {
  expect(metrics.length).toBeGreaterThan(0);
  for (const { name, type } of metrics) {
    expect(name).toMatch(/^bootstrap_gate_[a-z_]+$/);
    expect(`${name} is a ${String(type)}`).toMatch(
      /_total is a counter$|_seconds is a histogram$|(?<!_total|_seconds) is a gauge$/,
    );
  }
});
