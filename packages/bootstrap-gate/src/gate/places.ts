/** The places of a door, and how many of them one connection may take. */
export class Places<R extends object> {
  readonly #most: number;
  readonly #mostPerConnection: number;
  /** Those that share a connection, by it. Most have one for themselves, and cost nothing here. */
  readonly #sharing = new Map<object, Set<R>>();
  readonly #connections = new Map<R, object>();
  #taken = 0;

  constructor(most: number, mostPerConnection: number) {
    this.#most = most;
    this.#mostPerConnection = mostPerConnection;
  }

  get taken(): number {
    return this.#taken;
  }

  /** @param uncounted how many of the connection may be waiting that were taken for the only one of theirs */
  hasRoom(connection: object | undefined, uncounted: number): boolean {
    if (this.#taken >= this.#most) return false;
    return !connection || (this.#sharing.get(connection)?.size ?? 0) + uncounted < this.#mostPerConnection;
  }

  /** @returns whether it is the first of those that share a connection */
  take(request: R, connection: object | undefined): boolean {
    this.#taken++;
    if (!connection) return false;
    const sharing = this.#sharing.get(connection) ?? new Set();
    this.#sharing.set(connection, sharing.add(request));
    this.#connections.set(request, connection);
    return sharing.size === 1;
  }

  /** @returns the connection, if it was the last of those that share one */
  giveBack(request: R): object | undefined {
    this.#taken--;
    const connection = this.#connections.size > 0 ? this.#connections.get(request) : undefined;
    const sharing = connection && this.#sharing.get(connection);
    if (!connection || !sharing) return undefined;
    this.#connections.delete(request);
    sharing.delete(request);
    if (sharing.size > 0) return undefined;
    this.#sharing.delete(connection);
    return connection;
  }

  /** Those that have come by this connection together. */
  sharing(connection: object): readonly R[] {
    return [...(this.#sharing.get(connection) ?? [])];
  }
}
