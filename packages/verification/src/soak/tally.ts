/** Counts what happened, over all rounds. */
import { deniedBy } from './ledger/judge.js';
import type { Entry } from './ledger/entry.js';
import type { RoundPlan } from './plan/types.js';
import type { RoundResult } from './round.js';

export class Tally {
  rounds = 0;
  violations = 0;
  readonly #groups = new Map<string, Map<string, number>>();

  add(plan: RoundPlan, { ledger, warnings }: RoundResult): void {
    this.rounds++;
    this.violations += ledger.complaints.length;
    let requests = 0;
    for (const entry of ledger.requests.all) {
      requests++;
      this.#count('ends', endOf(entry));
      this.#count('clients', entry.kind);
      if (entry.runs.length > 0) this.#count('the application', entry.ask.application.does);
    }
    this.#count('adapters', plan.adapter, requests);
    for (const { kind } of plan.clients) if (kind === 'caller') this.#count('clients', kind);
    this.#count('clients', 'prober', ledger.probes);
    for (const { does } of plan.commands) this.#count('commands', does);
    const { attempts, values } = ledger.flights;
    this.#count('bootstraps', 'calls', attempts);
    this.#count('bootstraps', 'values', values);
    for (const [code, count] of warnings) this.#count('warnings', code, count);
  }

  toString(): string {
    const lines = [...this.#groups].map(([group, counts]) => {
      const sorted = [...counts].sort(([a], [b]) => a.localeCompare(b));
      return `${group}:\n${sorted.map(([name, count]) => `  ${name.padEnd(74)}${count}`).join('\n')}`;
    });
    return lines.join('\n');
  }

  #count(group: string, name: string, by = 1): void {
    const counts = this.#groups.get(group) ?? new Map<string, number>();
    this.#groups.set(group, counts.set(name, (counts.get(name) ?? 0) + by));
  }
}

function endOf(entry: Entry): string {
  const { end, runs } = entry;
  const seen = runs.length > 0 ? 'after the application was called' : 'and the application was never called';
  if (!end) return 'outstanding';
  if (end.kind === 'left') return `gone, ${seen}`;
  if (end.kind === 'cut') return `cut off ${reasonOfCut(entry)}, ${seen}`;
  const code = deniedBy(end.answer);
  return code ? `denied: ${code}` : 'admitted';
}

function reasonOfCut({ ask, mayBeCut, site }: Entry): string {
  if (ask.application.does === 'breaks') return 'by the application';
  if (mayBeCut) return 'with its connection';
  return site.serverIsClosed ? 'by the end of the server' : 'by the close of the gate';
}
