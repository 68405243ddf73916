/** What a row of the matrix is: a fact about each contender, measured on a server in a process of its own. */
import type { ContenderName } from './contenders.js';

export interface Sizes {
  /** Callers at the same time. */
  readonly callers: number;
  /** Requests that are held at the same time. */
  readonly held: number;
  /** Requests of 1 ms that are released. */
  readonly released: number;
  /** After this something counts as not happening. */
  readonly patienceMs: number;
}

export const fullSizes: Sizes = { callers: 50, held: 10_000, released: 1_000, patienceMs: 3_000 };

export interface Scenario {
  readonly title: string;
  /** How it is measured, as Markdown. */
  readonly about: string;
  /** Where nothing is held, it does not apply. */
  readonly needsHolding?: true;
  readonly fact: (contender: ContenderName, sizes: Sizes) => Promise<string>;
}

/** All of them, in the order of the rows; each is `scenarios/<name>.js`. */
export const scenarioNames = [
  'bootstrap-runs',
  'recovery',
  'async-context',
  'gone-client',
  'self-request',
  'many-held',
  'sigterm',
  'upgrade',
  'release-latency',
] as const;

export type ScenarioName = (typeof scenarioNames)[number];

export async function factOf(name: ScenarioName, contender: ContenderName, sizes: Sizes): Promise<string> {
  const { needsHolding, fact } = await loadScenario(name);
  return needsHolding && contender === 'no gate' ? 'does not apply' : fact(contender, sizes);
}

export async function loadScenario(name: ScenarioName): Promise<Scenario> {
  const { scenario } = (await import(`./scenarios/${name}.js`)) as { scenario: Scenario };
  return scenario;
}
