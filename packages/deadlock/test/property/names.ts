/** What verdicts call the parts of a scene. */
export const lockName = (lock: number): string => `m${lock}`;
export const gateName = (gate: number): string => `g${gate}`;
export const stepName = (fiber: string): string => `s${fiber}`;

export const lockLabel = (lock: number): string => `mutex "${lockName(lock)}"`;
export const gateLabel = (gate: string): string => `gate "${gate}"`;
export const stepLabel = (fiber: string): string => `step "${stepName(fiber)}" of gate "${fiber.split('.')[0]}"`;

export const holderLabel = (lock: number): string => `holder of ${lockLabel(lock)}`;
export const bootstrapLabel = (gate: string): string => `bootstrap of gate "${gate}"`;
