/** The plan of a round: all that is decided before it begins, as data. */

export const adapterNames = [
  'node',
  'node-http2',
  'server',
  'server-http2',
  'express4',
  'express5',
  'koa2',
  'koa3',
] as const;
export type AdapterName = (typeof adapterNames)[number];

export interface RoundPlan {
  readonly round: number;
  readonly adapter: AdapterName;
  /** The first is there from the beginning, each `renew` puts the next one in the place of the one before. */
  readonly sites: readonly SitePlan[];
  readonly commands: readonly Command[];
  readonly clients: readonly ClientPlan[];
}

export interface Command {
  readonly atMs: number;
  /** `close` closes the gate; `shutdown` the gate and the server, while requests are held; `renew` both, later, and opens the next site. */
  readonly does: 'reset' | 'drain' | 'close' | 'shutdown' | 'renew';
}

/** A gate, its door and its server. */
export interface SitePlan {
  readonly gate: {
    readonly eager?: boolean;
    readonly bootTimeoutMs?: number;
    readonly cooldownMs?: number;
    readonly stallAfterMs?: number;
    readonly retry?: { readonly attempts: number; readonly delayMs: number };
    readonly firstRequests?: number;
    readonly pilotTimeoutMs?: number;
  };
  readonly door: {
    readonly waitTimeoutMs: number;
    readonly maxWaiting: number;
    readonly health: boolean;
    readonly waitingPage: boolean;
    /** Express and Koa: denials go to the framework. */
    readonly forward: boolean;
  };
  /** Whether the bootstrap makes the application. */
  readonly handler: boolean;
  /** Whether the server takes upgrades from the beginning, from the first bootstrap on, or not at all. */
  readonly upgrades: 'taken' | 'late' | 'untaken';
  /** After so many turns of the event loop from its first opening, amid the release of those who waited, it is reset. */
  readonly relapsesAfterTurns?: number;
  /** What the flights do, in turn; later ones do as the last. Empty: first-request mode. */
  readonly flights: readonly FlightPlan[];
}

/** What the attempts of a flight do, in turn; later ones do as the last. */
export type FlightPlan = readonly AttemptPlan[];

export interface AttemptPlan {
  readonly steps: readonly StepPlan[];
  /** Whether the steps run side by side. */
  readonly parallel: boolean;
  /** After the steps. */
  readonly work: WorkPlan;
  readonly stop?: StopPlan;
  /** Whether it starts background work that itself waits for the gate. */
  readonly detaches: boolean;
}

export interface StepPlan {
  readonly work: WorkPlan;
  /** How many of its own attempts fail before it does its work. */
  readonly failures: number;
  readonly attempts: number;
  readonly timeoutMs?: number;
  readonly optional: boolean;
  readonly stop?: StopPlan;
  /** Within the step, before its work, one after another. */
  readonly steps: readonly StepPlan[];
}

export interface WorkPlan {
  /** `stalls` goes on until its signal fires; `ignores` takes its time whatever its signal says, and succeeds. */
  readonly does: 'succeeds' | 'fails' | 'stalls' | 'ignores';
  readonly takesMs: number;
}

export type StopPlan = 'at once' | 'slowly' | 'badly';

/** A request, and what the application does with it. */
export interface Ask {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly bodyBytes: number;
  readonly target: 'ordinary' | 'exempt';
  /** Whether it says that a person's browser sent it. */
  readonly navigates: boolean;
  readonly application: ApplicationPlan;
}

export interface ApplicationPlan {
  /** `fails` answers 500, `throws` leaves that to the framework, `breaks` cuts the connection, `streams` takes its time to answer. */
  readonly does: 'answers' | 'fails' | 'throws' | 'breaks' | 'streams';
  readonly takesMs: number;
  readonly bytes: number;
}

export type ClientPlan = { readonly atMs: number } & (
  | { readonly kind: 'single'; readonly ask: Ask }
  | { readonly kind: 'keep-alive'; readonly asks: readonly Ask[]; readonly sockets: number }
  | { readonly kind: 'pipeline'; readonly asks: readonly Ask[]; readonly leavesAfterMs?: number }
  | { readonly kind: 'slow-upload'; readonly ask: Ask; readonly parts: number; readonly pauseMs: number }
  | { readonly kind: 'leaver'; readonly ask: Ask; readonly leavesAfterMs: number; readonly resets: boolean }
  | { readonly kind: 'body-leaver'; readonly ask: Ask; readonly sentBytes: number; readonly leavesAfterMs: number }
  | { readonly kind: 'half-closer'; readonly ask: Ask }
  | { readonly kind: 'expecter'; readonly ask: Ask }
  | {
      readonly kind: 'upgrader';
      readonly ask: Ask;
      /** Of the payload, so much comes together with the request. */
      readonly earlyBytes: number;
      /** So much a little later, whether it has been answered or not; the rest when it has been. */
      readonly eagerBytes: number;
      readonly leavesAfterMs?: number;
    }
  | { readonly kind: 'session'; readonly streams: readonly StreamPlan[]; readonly leavesAfterMs?: number }
  | { readonly kind: 'prober'; readonly path: string; readonly times: number; readonly pauseMs: number }
  | {
      readonly kind: 'caller';
      readonly calls: 'ensureReady' | 'wrap';
      readonly timeoutMs?: number;
      readonly abortsAfterMs?: number;
      /** `wrap`: the function's own end. */
      readonly fails: boolean;
      readonly takesMs: number;
    }
);

export interface StreamPlan {
  readonly ask: Ask;
  readonly parts: number;
  readonly pauseMs: number;
  readonly cancelsAfterMs?: number;
}

export type ClientKind = ClientPlan['kind'];
export type PlanOf<Kind extends ClientKind> = Extract<ClientPlan, { readonly kind: Kind }>;
