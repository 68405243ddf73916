/** A plan as a picture. */
import type { PlannedStep } from './planned-step.js';

/** A Mermaid flowchart, in which arrows lead from needs to those who need them. */
export function drawSteps(steps: readonly PlannedStep[]): string {
  const names = new Set(steps.map(({ name }) => name));
  const unknown = new Set(steps.flatMap(({ needs }) => needs.filter((need) => !names.has(need))));
  const arrows = steps.flatMap(({ name, needs }) =>
    needs.map((need) => `${id(need)} ${unknown.has(need) ? '-.->' : '-->'} ${id(name)}`),
  );
  const lines = [
    ...[...names].map((name) => `${id(name)}["${label(name)}"]`),
    ...[...unknown].map((name) => `${id(name)}["${label(name)} ?"]:::unknown`),
    ...arrows,
    ...(unknown.size > 0 ? ['classDef unknown stroke-dasharray: 4'] : []),
  ];
  return ['flowchart TD', ...lines].join('\n  ');
}

/** Made of the name alone, so a picture that is kept changes only where the plan does; never a word of Mermaid's. */
const id = (name: string): string => `step_${name.replace(/[^a-zA-Z0-9]/gu, (sign) => `_${code(sign, 16)}_`)}`;

const label = (name: string): string => name.replace(/[^\p{L}\p{N} ./-]/gu, (sign) => `#${code(sign, 10)};`);

const code = (sign: string, radix: number): string => (sign.codePointAt(0) ?? 0).toString(radix);
