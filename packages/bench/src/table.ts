/** Results as a table: the median of the rounds with minimum and maximum, and the ratio of the medians. */
import type { Benchmark, Contender, Metric, Target } from './benchmark.js';
import type { Results } from './runner.js';
import { type Summary, summarise } from './statistics.js';

/** A Markdown table, padded so that it reads well in a terminal too. */
export function tableOf({ contenders, metrics }: Benchmark, results: Results): string {
  const hasRatios = Object.values(contenders).some(({ against }) => against !== undefined);
  const ratioOf = (metric: Metric): boolean => hasRatios && metric.hasRatio !== false;
  const head = [
    '',
    ...Object.values(metrics).flatMap((metric) => [metric.title, ...(ratioOf(metric) ? ['ratio'] : [])]),
  ];
  const rows = Object.entries(contenders).map(([name, contender]) => [
    name,
    ...Object.entries(metrics).flatMap(([key, metric]) => [
      cell(summaryOf(results, name, key), metric),
      ...(ratioOf(metric) ? [ratioCell(results, name, contender, key, metric)] : []),
    ]),
  ]);
  return markdown([head, ...rows]);
}

/** One line a target: what was promised, what came out. */
export function targetsOf(benchmark: Benchmark, results: Results): string[] {
  return (benchmark.targets ?? []).flatMap((target) =>
    target.contenders.map((name) => targetLine(benchmark, results, name, target)),
  );
}

function targetLine({ contenders, metrics }: Benchmark, results: Results, name: string, target: Target): string {
  const { metric: key, atMost, of } = target;
  const metric = metrics[key] as Metric;
  const value =
    of === 'ratio'
      ? ratio(results, name, contenders[name]?.against, key, metric)
      : summaryOf(results, name, key).median;
  const limit = of === 'ratio' ? `${atMost} times "${contenders[name]?.against}"` : `${atMost}`;
  const digits = of === 'ratio' ? 2 : metric.digits;
  return `${value <= atMost ? 'met' : '**missed**'}: ${name}, ${metric.title}, at most ${limit}: ${value.toFixed(digits)}`;
}

function summaryOf(results: Results, contender: string, metric: string): Summary {
  return summarise((results.get(contender) ?? []).map((measures) => measures[metric] ?? NaN));
}

function ratio(results: Results, contender: string, against: string | undefined, key: string, metric: Metric): number {
  const value = (name: string): number => summaryOf(results, name, key)[metric.ratioOf ?? 'median'];
  return value(contender) / value(against ?? contender);
}

function cell({ median, min, max }: Summary, { digits }: Metric): string {
  const [middle, from, to] = [median, min, max].map((value) => value.toFixed(digits));
  if (Number.isNaN(median)) return '';
  return from === to ? `${middle}` : `${middle} (${from} to ${to})`;
}

function ratioCell(results: Results, name: string, { against }: Contender, key: string, metric: Metric): string {
  if (against === undefined) return '';
  const value = ratio(results, name, against, key, metric);
  return Number.isFinite(value) ? value.toFixed(2) : '';
}

export function markdown(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const [head = [], ...body] = rows;
  return [line(head), line(rule), ...body.map(line)].join('\n');
}
