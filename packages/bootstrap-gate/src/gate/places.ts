/** The places of a door, and how many of them one connection may take. */
export interface Sharing {
  /** What others come by as well; undefined for the first or only one of its connection. */
  readonly connection: object | undefined;
  /** How many of its connection may be waiting that were not counted. */
  readonly uncounted: number;
}

export class Places {
  readonly #most: number;
  readonly #mostPerConnection: number;
  readonly #byConnection = new Map<object, number>();
  #taken = 0;

  constructor(most: number, mostPerConnection: number) {
    this.#most = most;
    this.#mostPerConnection = mostPerConnection;
  }

  get taken(): number {
    return this.#taken;
  }

  hasRoomFor({ connection, uncounted }: Sharing): boolean {
    if (this.#taken >= this.#most) return false;
    return !connection || (this.#byConnection.get(connection) ?? 0) + uncounted < this.#mostPerConnection;
  }

  /** @returns whether it is the first of those that share a connection */
  take({ connection }: Sharing): boolean {
    this.#taken++;
    if (!connection) return false;
    const before = this.#byConnection.get(connection) ?? 0;
    this.#byConnection.set(connection, before + 1);
    return before === 0;
  }

  /** @returns whether it was the last of those that share a connection */
  giveBack({ connection }: Sharing): boolean {
    this.#taken--;
    if (!connection) return false;
    const left = (this.#byConnection.get(connection) ?? 0) - 1;
    if (left > 0) this.#byConnection.set(connection, left);
    else this.#byConnection.delete(connection);
    return left <= 0;
  }
}
