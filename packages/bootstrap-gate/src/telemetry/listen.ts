/**
 * Floor `telemetry`: spans and metrics from what the channels publish. Not here: anything that a gate would wait for.
 *
 * Listens to the channels of all gates. What a listener throws never reaches a gate, nor the process.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Messages } from './messages.js';

export type Listeners = { readonly [Name in keyof Messages]?: (message: Messages[Name]) => void };

/**
 * Listens until the returned function is called.
 *
 * @param isolate calls a listener; an exception that it let through would end the process
 */
export function listen(listeners: Listeners, isolate: (call: () => void) => void): () => void {
  const subscriptions = Object.entries(listeners).map(([name, listener]) => {
    const onMessage = (message: unknown): void => isolate(() => (listener as (message: unknown) => void)(message));
    return [`bootstrap-gate.${name}`, onMessage] as const;
  });
  for (const [name, onMessage] of subscriptions) subscribe(name, onMessage);
  return () => {
    for (const [name, onMessage] of subscriptions) unsubscribe(name, onMessage);
  };
}
