/** What is known of a request by what decides about it. Each door gathers it from what its framework hands over. */
export interface RequestFacts {
  readonly method: string;
  /** The request target as received, whatever a router made of it since. */
  readonly target: string;
  /** The value of a header, by its name in lower case. */
  header(name: string): string | undefined;
  /**
   * The two ends of the connection that it came by; a socket of `node:net` will do. Undefined for a request that was made
   * in this process without a connection.
   */
  readonly peer: Peer | undefined;
  /** The framework's request, for the predicates of `exempt`. */
  readonly raw: unknown;
}

export interface Peer {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}
