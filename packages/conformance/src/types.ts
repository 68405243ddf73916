/** What an adapter's author writes, and what comes back. */
import type { Readable } from 'node:stream';
import type { Gate, GateReport } from 'bootstrap-gate';

/** An adapter under test: what its framework can do, and how to put the gate in front of an application. */
export interface Adapter {
  /** Default `'http1'`. With `'http2'` the mount listens with node:http2, unencrypted. */
  readonly protocol?: 'http1' | 'http2';
  /** What the framework has; checks that need more are left out. Default: nothing. */
  readonly features?: readonly Feature[];
  /** Builds a fresh application in the framework's own way, and listens on 127.0.0.1. */
  mount(setup: Setup): Promise<Mounted>;
}

/**
 * `next`: middleware can pass a request on to what comes after it. `forward`: the framework has error handling, which
 * `onDenied: 'forward'` hands denials to. `prefix`: middleware can be mounted below a path. `handler`: the adapter has that
 * option. `connection`: it knows which requests come by one connection. `rawTarget`: it sees the request target as
 * received, before any parser has touched it.
 */
export type Feature = 'next' | 'forward' | 'prefix' | 'handler' | 'connection' | 'rawTarget';

/** What one check asks for. */
export interface Setup {
  /** For `bootstrapGate`, as they are. */
  readonly options: DoorOptions;
  /** Middleware in front of the gate: call it with each request and with what comes next, and return what it returns. */
  readonly before: <R>(req: Incoming, next: () => R) => R | Promise<Awaited<R>>;
  /** The application behind the gate, for every path and method. */
  readonly application: Application;
  /** For the option `handler`, where given: it makes an application from the bootstrap's value. */
  readonly handler: ((value: unknown) => Application) | undefined;
  /** Only with the feature `prefix`: where the gate is mounted. The application stands at `/` all the same. */
  readonly prefix: string | undefined;
  /** To be called with every error that reaches the framework's own error handling, which then answers its `status`, or 500. */
  readonly onError: (error: unknown) => void;
}

export interface Mounted {
  readonly port: number;
  /** Stops listening; resolves when the last connection has ended. It must not end connections by force. */
  close(): Promise<void>;
}

/**
 * Takes the facts of a request, the same object that `before` got, and gives the reply, at once or later, for the mount to write. It throws and rejects
 * on purpose: that goes the framework's own way. `undefined` says that the next in line is to take the request.
 */
export type Application = (req: Incoming) => Reply | undefined | Promise<Reply | undefined>;

/** The facts of a request. A request of node:http or node:http2 is one as it is; its body is read by iterating over it. */
export interface Incoming extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Where the framework keeps the target as received, when it changes `url` below a mount. */
  readonly originalUrl?: string | undefined;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** One of these tells that the client has left: the event `close`, or the signal. */
  once?(event: 'close', listener: () => void): unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
}

/** The admission options that the checks use; the meaning is that of `bootstrapGate`. */
export interface AdmissionOptions {
  readonly waitTimeoutMs?: number;
  readonly maxWaiting?: number;
  readonly exempt?: readonly (string | ((request: { readonly method?: string | undefined }) => boolean))[];
  readonly health?: boolean | { readonly live?: string; readonly ready?: string; readonly startup?: string };
  readonly waitingPage?: boolean | { readonly title?: string; readonly render?: (report: GateReport) => string };
  readonly expose?: boolean;
}

export type DoorOptions = AdmissionOptions & {
  readonly gate: Gate<unknown>;
  /** Only with the feature `forward`. */
  readonly onDenied?: 'forward';
};

/** One thing that every adapter must do. */
export interface Check {
  /** Never changes its meaning, and is never given to another check. */
  readonly id: string;
  /** The rule of the contract that it shows. */
  readonly rule: string;
  /** Begins with MUST. */
  readonly title: string;
  readonly needs: readonly Need[];
  /**
   * Resolves when the adapter does it. One check at a time: it catches the process warnings of gates while it runs.
   *
   * @throws (rejects with) an AssertionError of node:assert
   */
  run(adapter: Adapter, options?: { readonly deadlineMs?: number }): Promise<void>;
}

export type Need = Feature | 'http1' | 'http2';
