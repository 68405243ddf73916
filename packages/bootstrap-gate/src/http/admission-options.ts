/** What the doors understand, for all adapters; the gate's own options are read by `createGate`. */
import type { Gate, GateOptions } from '../kit/types.js';
import type { GateReport } from '../kit/report-types.js';

/** An exact path, such as `/metrics`, or a function of the framework's request. */
export type Exemption<R = unknown> = string | ((request: R) => boolean);

export interface HealthPaths {
  /** 200 in every state. Default `/livez`. */
  readonly live?: string | undefined;
  /** 200 in state `ready` only. Default `/readyz`. */
  readonly ready?: string | undefined;
  /** 503 until the gate was open for the first time, then 200. Default `/startupz`. */
  readonly startup?: string | undefined;
}

export interface WaitingPage {
  /** The title and heading. Default `'Starting'`. */
  readonly title?: string | undefined;
  /**
   * Gives the whole page as HTML, for each navigation; the page has to see to it itself that it is loaded again. When it
   * throws, the answer is a plain 503 and the process warning `GATE_CALLBACK_FAILED`.
   */
  readonly render?: ((report: GateReport) => string) | undefined;
}

/** How requests are let in, held and refused at one door. */
export interface AdmissionOptions<R = unknown> {
  /**
   * How long one request is held, in ms; finite. Then it is denied with `ERR_GATE_WAIT_TIMEOUT`, and the bootstrap goes
   * on. Keep it below the time limit of the router in front (29 to 30 s are common). Different from `bootTimeoutMs`,
   * which ends the bootstrap, and from Node's `requestTimeout`, which limits the reading of a request. Default 25,000.
   */
  readonly waitTimeoutMs?: number | undefined;
  /** How many requests this door holds at once; the next is denied at once. A pilot takes no place. Default 1,000. */
  readonly maxWaiting?: number | undefined;
  /**
   * How many of them may come by one connection: pipelined, or as streams of one HTTP/2 session. Default a quarter of
   * `maxWaiting`, at least one. `Infinity` behind a proxy that sends many clients' requests over one connection.
   */
  readonly maxWaitingPerConnection?: number | undefined;
  /**
   * How many released requests are at work at once, so that the herd that was held does not overrun the application.
   * Each counts until its response begins, or for 1 s at most. Default 256; `Infinity` for no limit.
   */
  readonly releaseConcurrency?: number | undefined;
  /**
   * Requests that never wait and are never pilots: exact paths as received, without the query and without any decoding,
   * or functions of the request. A function that throws or returns a promise exempts nothing and is reported. Default none.
   */
  readonly exempt?: readonly Exemption<R>[] | undefined;
  /** Whether the gate answers health requests, and on which paths. Default false. */
  readonly health?: boolean | HealthPaths | undefined;
  /**
   * Whether browser navigations get a page, with status 503, instead of being held. It shows how far the bootstrap says it
   * is, and loads itself again when the gate is open. Default false.
   */
  readonly waitingPage?: boolean | WaitingPage | undefined;
  /** Whether clients are shown causes, step names and progress texts. For development. Default false. */
  readonly expose?: boolean | undefined;
  /**
   * Express, Koa, Hono, Fastify and Nest: `'forward'` hands the `GateError` to the framework's own error handling. Default
   * `'respond'`: the gate answers itself.
   */
  readonly onDenied?: 'respond' | 'forward' | undefined;
}

/** One gate for this door alone, or one that is shared. */
export type GateChoice<T> =
  | (GateOptions<T> & { readonly gate?: undefined })
  | ({ readonly gate: Gate<T> } & { readonly [Name in keyof GateOptions]?: undefined });

export type DoorOptions<T, R = unknown> = GateChoice<T> & AdmissionOptions<R>;

export interface AdmissionSettings {
  readonly waitTimeoutMs: number;
  readonly maxWaiting: number;
  readonly maxWaitingPerConnection: number;
  readonly releaseConcurrency: number;
  readonly exempt: readonly Exemption<never>[];
  readonly health: Required<{ [Probe in keyof HealthPaths]: string }> | undefined;
  readonly waitingPage: { readonly title: string; readonly render: WaitingPage['render'] } | undefined;
  readonly expose: boolean;
  readonly forward: boolean;
  readonly handler: ((value: unknown) => unknown) | undefined;
}
