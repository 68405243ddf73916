import type { GateError } from '../../src/index.js';
import type { Door, DoorLimits } from '../../src/gate/door.js';
import { HeldRequest, type RequestKind } from '../../src/gate/held-request.js';
import type { Pilot } from '../../src/gate/startup.js';

/** What happens to a request, for those who want to do something then. */
export interface RequestEvents {
  held?(): void;
  left?(): void;
  admitted?(pilot: Pilot | undefined): void;
  denied?(error: GateError): void;
  gone?(): void;
}

/** Limits that do not matter, but for these. */
export const limits = (given: Partial<DoorLimits> = {}): DoorLimits => ({
  waitTimeoutMs: 50,
  maxWaiting: 8,
  maxWaitingPerConnection: Math.max(1, Math.floor((given.maxWaiting ?? 8) / 4)),
  releaseConcurrency: Infinity,
  ...given,
});

interface Client {
  readonly canPilot: boolean;
  readonly events: RequestEvents;
  readonly connection: object | undefined;
  readonly uncounted: number;
  isGone: boolean;
  hasBegun: boolean;
  outcome: string;
}

/** The smallest request: it remembers what became of it. */
export class TestRequest extends HeldRequest<Client, undefined, undefined> {
  readonly client: Client;

  constructor(
    door: Door,
    canPilot: boolean,
    events: RequestEvents = {},
    connection: object | undefined = {},
    more: Partial<Client> = {},
  ) {
    const client = { canPilot, events, connection, uncounted: 0, isGone: false, hasBegun: true, outcome: '', ...more };
    super(client, undefined, undefined);
    Object.defineProperty(this, 'kind', { value: kindOf(door, canPilot) });
    this.client = client;
  }

  get outcome(): string {
    return this.client.outcome;
  }

  /** Its client goes away. `quietly`: nothing tells yet. */
  goAway(quietly = false): void {
    this.client.isGone = true;
    if (!quietly) this.door.gone(this);
  }
}

const kindOf = (door: Door, canPilot: boolean): RequestKind<Client, undefined, undefined> => ({
  door,
  canPilot,
  isIsolated: false,
  connection: ({ connection }) => connection,
  uncounted: ({ uncounted }) => uncounted,
  client: (client) => client,
  watch: (source) => (source as Partial<Client>).events?.held?.(),
  unwatch: (source) => (source as Partial<Client>).events?.left?.(),
  isGone: ({ isGone }) => isGone,
  hasBegun: ({ hasBegun }) => hasBegun,
  admit(pilot, client) {
    client.outcome += pilot ? 'pilot' : 'admitted';
    client.events.admitted?.(pilot);
  },
  deny(error, client) {
    client.outcome += error.code;
    client.events.denied?.(error);
  },
  drop(client) {
    client.outcome += 'gone';
    client.events.gone?.();
  },
});
