/** One request and its answer, reduced to what can be compared and shown. */
export interface Answer {
  readonly path: string;
  readonly at: number;
  readonly tookMs: number;
  /** A status code, or the code of the error that came instead. */
  readonly status: number | string;
  readonly type: string;
  readonly location: string;
  /** `Retry-After` was sent: the client is asked to come back. */
  readonly asksToRetry: boolean;
  /** Fingerprints of the body: exact, and with figures and tokens taken out. */
  readonly exact: string;
  readonly shape: string;
  /** The beginning of the body, for a message. */
  readonly sample: string;
}

export const TIMEOUT = 'no answer';

/** All of them, and there is one at least. */
export function isUnanswered(answers: readonly Answer[]): boolean {
  return answers.length > 0 && answers.every(({ status }) => status === TIMEOUT);
}

export function isOk({ status }: Answer): boolean {
  return typeof status === 'number' && status >= 200 && status < 300;
}
