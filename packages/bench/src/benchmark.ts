/** What a benchmark is: contenders that are measured in turn, each in a process of its own. */

/** What one run of a contender measured, by the name of the metric. */
export type Measures = Readonly<Record<string, number>>;

export interface Contender {
  /** Runs in a process of its own. Imports here what it needs, so that no other contender's modules are loaded. */
  readonly run: () => Promise<Measures>;
  /** The contender that its ratios refer to. */
  readonly against?: string;
}

export interface Metric {
  /** What the column is called, with its unit. */
  readonly title: string;
  readonly digits: number;
  /** False where a ratio would say nothing. Default true. */
  readonly hasRatio?: boolean;
  /** What ratios compare. The minimum suits short loops, to which other work on the machine only adds. Default `'median'`. */
  readonly ratioOf?: 'median' | 'min';
}

/** What the project promises; a missed one is shown as missed. */
export interface Target {
  readonly contenders: readonly string[];
  readonly metric: string;
  readonly atMost: number;
  /** Whether the limit is one of the ratio, or of the value itself. */
  readonly of: 'ratio' | 'value';
}

export interface Benchmark {
  readonly title: string;
  /** How it is measured, as Markdown. */
  readonly about: string;
  readonly rounds: number;
  /** Options of Node for the contenders' processes. */
  readonly nodeOptions?: readonly string[];
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly contenders: Readonly<Record<string, Contender>>;
  readonly targets?: readonly Target[];
}

/** All of them, in the order in which they run; each is `benchmarks/<name>.js`. */
export const benchmarkNames = [
  'hot-path',
  'opened-server',
  'promises',
  'traced-mutex',
  'held-memory',
  'release',
  'denial',
  'import-time',
  'growth',
] as const;

export async function loadBenchmark(name: string): Promise<Benchmark> {
  if (!(benchmarkNames as readonly string[]).includes(name)) {
    throw new Error(`no benchmark "${name}"; there are: ${benchmarkNames.join(', ')}`);
  }
  const { benchmark } = (await import(`./benchmarks/${name}.js`)) as { benchmark: Benchmark };
  return benchmark;
}
