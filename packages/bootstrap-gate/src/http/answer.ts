/** An answer of the gate itself, as data. Each door writes it in its own way; HEAD gets no body. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the connection is not to be used again. */
  readonly isLast?: boolean;
}
