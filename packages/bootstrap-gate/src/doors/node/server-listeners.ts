/** Stands between a server and its listeners: takes over its `emit` for as long as there is something to look at. */
import type { Server } from 'node:http';

/** Node looks whether anything listens to these before it emits them, so a listener that does nothing stands in. */
const announced = ['request', 'checkContinue', 'upgrade'] as const;
const standIn = (): void => {};

type Emit = (event: string | symbol, ...args: unknown[]) => boolean;

export class ServerListeners {
  readonly server: Server;
  readonly #intercept: Emit;
  /** The server's own `emit` where ours stands in front of it. */
  #emit: Server['emit'] | undefined;
  #standsIn = false;
  #ignored = new Set<unknown>([standIn]);

  /** @param intercept is called instead of `emit` in between `takeOver` and `giveBack`; others may keep it longer */
  constructor(server: Server, intercept: Emit) {
    this.server = server;
    this.#intercept = intercept;
  }

  /** Whether the events are emitted although nothing of the user's listens to them. */
  standIn(wanted: boolean): void {
    if (wanted !== this.#standsIn) for (const event of announced) this.server[wanted ? 'on' : 'off'](event, standIn);
    this.#standsIn = wanted;
  }

  takeOver(): void {
    if (this.#emit) return;
    this.#emit = this.server.emit;
    this.server.emit = this.#intercept;
  }

  /** Where somebody else has put an `emit` on top of ours, ours has to stay; it then passes everything. */
  giveBack(): void {
    if (!this.#emit || this.server.emit !== this.#intercept) return;
    const own = this.#emit;
    this.#emit = undefined;
    Reflect.deleteProperty(this.server, 'emit');
    if (this.server.emit !== own) this.server.emit = own;
  }

  /** Emits an event to the listeners that the server has now. */
  pass(event: string | symbol, ...args: unknown[]): boolean {
    return Reflect.apply(this.#emit ?? this.server.emit, this.server, [event, ...args]) as boolean;
  }

  /** Whether anything of the user's listens. */
  has(event: string): boolean {
    return this.server.listeners(event).some((listener) => !this.#ignored.has(listener));
  }

  /** Takes the gate's own listeners off until the returned function is called. */
  withoutOwn(event: string): () => void {
    const own = this.server.listeners(event).filter((listener) => this.#ignored.has(listener)) as (() => void)[];
    for (const listener of own) this.server.off(event, listener);
    return () => {
      for (const listener of own) if (listener !== standIn || this.#standsIn) this.server.on(event, listener);
    };
  }

  /** A listener of the gate's own, that does not count as one. */
  addOwn(event: string, listener: (...args: never[]) => void): void {
    this.#ignored.add(listener);
    this.server.on(event, listener as () => void);
  }
}
