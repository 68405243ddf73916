/** What one call of a shared step is about: which step, on which replica, for whose sake. */
import { publish, type OnceEvent, type OnceEventType } from './channel.js';
import { heldBy, type Held } from './context.js';
import { abortable } from './delay.js';
import { messageOf } from './failure.js';
import type { StepSettings } from './options.js';
import type { Replica } from './replica.js';
import type { Run, StepId, View } from './store.js';
import type { StepContext } from './types.js';
import { Waiting } from './waiting.js';

export class Task {
  readonly replica: Replica;
  readonly context: StepContext;
  readonly settings: StepSettings;
  readonly step: StepId;
  readonly signal: AbortSignal;
  /** The step in whose function the call was made. */
  readonly outer: Held | undefined;
  readonly waiting: Waiting;

  constructor(replica: Replica, settings: StepSettings, context: StepContext) {
    this.replica = replica;
    this.context = context;
    this.settings = settings;
    this.step = { namespace: replica.settings.namespace, name: context.name };
    // One of its own for each call: a thousand calls are no leak of listeners.
    this.signal = AbortSignal.any([...(context.signal ? [context.signal] : []), replica.closing]);
    this.outer = heldBy(replica);
    this.waiting = new Waiting(context);
  }

  /** Looks at the step, through whatever trouble the store has. */
  look(signal = this.signal): Promise<View> {
    const { key, order } = this.settings;
    const { store } = this.replica;
    return abortable(
      this.steady(() => store.look(this.step, key, order), signal),
      signal,
    );
  }

  /** Repeats one statement of the store while its error is transient, and says meanwhile what it waits for. */
  steady<T>(statement: () => Promise<T>, signal = this.signal): Promise<T> {
    return this.replica.steady(statement, signal, this.onTrouble);
  }

  /** A run of this version, before what has become of it is added. */
  blankRun(attempts: number) {
    return { order: this.settings.order, attempts, result: null, error: null, retryInMs: 0 } satisfies Partial<Run>;
  }

  tell(type: OnceEventType, more: Partial<OnceEvent> = {}): void {
    publish(() => ({
      gate: this.context.gate,
      type,
      namespace: this.step.namespace,
      step: this.step.name,
      key: this.settings.key,
      replica: this.replica.settings.replica,
      ...more,
    }));
  }

  readonly onTrouble = (error: unknown): void => {
    this.waiting.show(`waits for ${this.replica.store.name}: ${messageOf(error)}`);
  };
}
